import { jobSpec } from '@safelight/contracts';
import type { JobView } from '@safelight/contracts';
import type { JobRow } from '../tables.js';
import { failureOf } from './job.failures.js';

const DONE_PERCENT = 100;

/** A row as other services see the job. `percent` is the progress of the row's own attempt. */
export function toView(row: JobRow, percent: number): JobView {
  const { settlement } = row;
  return {
    id: row.job_id,
    accountId: row.account_id,
    status: row.status,
    // Rows from before pictures could be sent have no inputs.
    spec: jobSpec.parse(row.spec),
    metadata: row.metadata,
    progress: progressOf(row, percent),
    attempt: row.attempt,
    priceMicros: row.price_micros,
    outputs: releasedOf(row),
    settlement: settlement && {
      kind: settlement.kind,
      capturedMicros: BigInt(settlement.capturedMicros),
      refundedMicros: BigInt(settlement.refundedMicros),
    },
    failure: row.failure_code === null ? null : failureOf(row.failure_code),
    retryOf: row.retry_of,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

function progressOf({ status }: JobRow, percent: number): number {
  if (status === 'completed') return DONE_PERCENT;
  return status === 'processing' ? percent : 0;
}

function releasedOf({ reported, receipts, released, deleted_at }: JobRow): JobView['outputs'] {
  if (deleted_at !== null) return [];
  return (reported ?? []).flatMap((output) => {
    const receipt = receipts?.[output.outputId];
    if (receipt === undefined || released?.includes(output.outputId) !== true) return [];
    return [{ ...output, receipt }];
  });
}
