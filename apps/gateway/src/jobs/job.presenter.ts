import type { JobResource, JobView } from '@safelight/contracts';
import { formatCredits } from '@safelight/contracts';
import type { ReleaseGate } from '../files/release-gate.js';

/** The job as a client sees it: links freshly signed, amounts as credits, nothing internal. */
export async function presentJob(job: JobView, gate: ReleaseGate): Promise<JobResource> {
  const { spec } = job;
  return {
    id: job.id,
    type: spec.operation,
    status: job.status,
    visibility: spec.visibility ?? 'private',
    test: spec.test !== undefined,
    progress: job.progress,
    model: spec.model,
    width: spec.width,
    height: spec.height,
    steps: spec.steps,
    ...(spec.seconds === null ? {} : { seconds: spec.seconds }),
    ...(spec.fps === null ? {} : { fps: spec.fps }),
    seed: spec.seed,
    price: formatCredits(job.priceMicros),
    charge: presentCharge(job),
    outputs: await gate.release(job),
    error: job.failure,
    metadata: job.metadata,
    inputs: spec.inputs.map(({ role, width, height }) => ({ role, width, height })),
    retry_of: job.retryOf,
    deleted_at: job.deletedAt,
    created_at: job.createdAt,
    started_at: job.startedAt,
    ended_at: job.endedAt,
  };
}

function presentCharge({ settlement }: JobView): JobResource['charge'] {
  if (settlement === null) return null;
  return {
    captured: formatCredits(settlement.capturedMicros),
    refunded: formatCredits(settlement.refundedMicros),
  };
}
