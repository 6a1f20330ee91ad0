import { Controller, Inject, type Type } from '@nestjs/common';
import { assignTo, cancelOn, proveWorker, type Assignment } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import { Agent } from './agent.js';
import type { Trial } from './canary.js';

/** The controller that answers on the subjects of one incarnation of a worker. */
export function agentControllerOf(incarnation: string): Type<unknown> {
  @Controller()
  class AgentController {
    constructor(@Inject(Agent) private readonly agent: Agent) {}

    @Answers(assignTo(incarnation))
    assign(assignment: Assignment): { accepted: true } {
      return this.agent.accept(assignment);
    }

    @Answers(cancelOn(incarnation))
    cancel(lease: { jobId: string; attempt: number }): { cancelled: boolean } {
      return this.agent.cancel(lease);
    }

    @Answers(proveWorker(incarnation))
    prove(trial: Trial): ReturnType<Agent['prove']> {
      return this.agent.prove(trial);
    }
  }
  return AgentController;
}
