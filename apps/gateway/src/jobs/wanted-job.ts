import type {
  ApiWarning,
  JobContent,
  RequestWebhook,
  S3Storage,
  submitJob,
} from '@safelight/contracts';
import type { z } from 'zod';

type Submission = z.input<typeof submitJob.request>;

/** A job as a body asks for it, without its pictures. */
export interface WantedJob {
  readonly spec: Omit<Submission['spec'], 'inputs'>;
  readonly words: Omit<JobContent, 'inputs'>;
  readonly metadata: Record<string, string>;
  /** Fields of the body that only some models can honour. */
  readonly needs?: readonly string[];
  /** The customer leaves the guidance to the model: that of the spec is only the usual one. */
  readonly guidanceOpen?: boolean;
  readonly webhook?: RequestWebhook | undefined;
  /** A bucket that the outputs are copied to. */
  readonly storage?: S3Storage | undefined;
  /** The price that the customer was quoted: at another one there is no job. */
  readonly quotedMicros?: bigint | null;
  /** What the answer warns of. */
  readonly warnings?: readonly ApiWarning[];
}
