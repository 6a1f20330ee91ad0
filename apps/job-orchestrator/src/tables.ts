import type { JobSpec, JobStatus, Receipt, StoredOutput } from '@safelight/contracts';
import type { Generated } from 'kysely';
import type { Settlement } from './job/job.js';

/** The tables of the schema `orchestrator`, as rows come out of them. */
export interface OrchestratorTables {
  jobs: JobRow;
  job_labels: { account_id: string; name: string; value: string; job_id: string };
  account_keys: {
    account_id: string;
    wrapped_key: Buffer;
    nonce: Buffer;
    master_version: number;
    created_at: Generated<Date>;
  };
  contents: {
    job_id: string;
    account_id: string;
    ciphertext: Buffer;
    nonce: Buffer;
    key_version: number;
  };
}

export interface JobRow {
  job_id: string;
  account_id: string;
  /** The API key that asked for it. */
  key_id: string | null;
  status: JobStatus;
  spec: JobSpec;
  metadata: Record<string, string>;
  price_micros: bigint;
  attempt: number;
  /** What the current attempt reported, and the receipts of what was checked, by output id. */
  reported: StoredOutput[] | null;
  receipts: Record<string, Receipt> | null;
  /** Ids of the outputs that the customer may have. */
  released: string[] | null;
  settlement: { kind: Settlement['kind']; capturedMicros: string; refundedMicros: string } | null;
  failure_code: string | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  deadline_at: Date;
  /** The failed job that this one is made again of. */
  retry_of: string | null;
  /** When words, input pictures and outputs were deleted. */
  deleted_at: Date | null;
  look_at: Date | null;
}
