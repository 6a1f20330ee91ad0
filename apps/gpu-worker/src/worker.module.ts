import { Module, type DynamicModule } from '@nestjs/common';
import { Agent } from './agent/agent.js';
import { agentControllerOf } from './agent/agent.controller.js';

/** Composition root: what answers the dispatcher, and the agent behind it. */
@Module({})
export class WorkerModule {
  static of(agent: Agent, incarnation: string): DynamicModule {
    return {
      module: WorkerModule,
      controllers: [agentControllerOf(incarnation)],
      providers: [{ provide: Agent, useValue: agent }],
    };
  }
}
