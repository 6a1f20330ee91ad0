import type { RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import type { CredentialsSigner, WatermarkThread } from '@safelight/provenance';
import type { Telemetry } from '@safelight/telemetry';
import type { Engine } from '../engine/engine.js';
import type { GpuMeter } from '../gpu/gpu-meter.js';
import type { WorkerMetrics } from './worker-metrics.js';

/** What the agent works with. */
export interface WorkerParts {
  readonly workerId: string;
  /** New at every start of the process, and whenever a lost engine is back. */
  readonly incarnation: string;
  readonly pool: string;
  readonly tags: readonly string[];
  /** At most how many attempts run side by side; as many as the engine can where not said. */
  readonly slotsMax: number | undefined;
  readonly engine: Engine;
  /** Told when an attempt finds that the engine is gone; may be told more than once. */
  readonly onEngineLost: (error: Error) => void;
  readonly gpu: GpuMeter;
  readonly metrics: WorkerMetrics;
  /** What every picture is given; `undefined` where the deployment has no key for it. */
  readonly watermark: WatermarkThread | undefined;
  /** What signs content credentials; `undefined` where the deployment has no certificate. */
  readonly credentials: CredentialsSigner | undefined;
  readonly store: ObjectStore;
  readonly requests: RequestClient;
  readonly telemetry: Telemetry;
}
