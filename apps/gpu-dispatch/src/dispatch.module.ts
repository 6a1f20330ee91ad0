import { Module, type DynamicModule } from '@nestjs/common';
import { AdmissionController } from './admission/admission.controller.js';
import { AssignmentConsumer } from './assignment/assignment.consumer.js';
import { Dispatcher } from './dispatcher/dispatcher.js';
import { FORESIGHT, type Foresight } from './foresight.js';
import { ScalingController } from './scaling/scaling.controller.js';
import { REIGN_PARTS, type ReignParts } from './dispatcher/reign-parts.js';
import { WorkerController } from './workers/worker.controller.js';

/** What answers and listens during one reign. A standby has none of it, so it swallows nothing. */
@Module({})
export class DispatchModule {
  static of(parts: ReignParts, dispatcher: Dispatcher, foresight: Foresight): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [WorkerController, AssignmentConsumer, AdmissionController, ScalingController],
      providers: [
        { provide: REIGN_PARTS, useValue: parts },
        { provide: Dispatcher, useValue: dispatcher },
        { provide: FORESIGHT, useValue: foresight },
      ],
    };
  }
}
