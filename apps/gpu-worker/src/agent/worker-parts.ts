import type { RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import type { Telemetry } from '@safelight/telemetry';
import type { Engine } from '../engine/engine.js';

/** What the agent works with. */
export interface WorkerParts {
  readonly workerId: string;
  /** New at every start of the process. */
  readonly incarnation: string;
  readonly slots: number;
  readonly engine: Engine;
  readonly store: ObjectStore;
  readonly requests: RequestClient;
  readonly telemetry: Telemetry;
}
