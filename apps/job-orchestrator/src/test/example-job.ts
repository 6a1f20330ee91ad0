import type { JobCommand, JobEvent, Output, Receipt, Settlement } from '../job/job.js';

/** Facts of one job of four images at 4 credits, for given/when/then. */
export const accountId = 'acc_01jd0000000000000000000001';
export const deadlineAt = '2026-01-01T00:10:00.000Z';
export const priceMicros = 4_000_000n;

const spec = {
  operation: 'generate',
  model: 'builtin/atelier',
  width: 64,
  height: 64,
  steps: 4,
  guidance: 7,
  images: 4,
  seed: 1,
  format: 'png',
  lane: 'standard',
  moderationLevel: 0,
};
const submission = {
  accountId,
  keyId: 'key_01jd0000000000000000000001',
  spec: { ...spec, model: null, steps: null },
  contentDigest: 'c'.repeat(64),
  metadata: [['shelf', 'b']] satisfies [string, string][],
  deadlineAt,
};
const screening = {
  decisionId: 'dec_01jd0000000000000000000001',
  policyVersion: '1',
  policyDigest: 'd'.repeat(64),
  confidence: 1,
  decidedAt: '2026-01-01T00:00:00.000Z',
};
const hold = {
  priceMicros,
  availableMicros: 496_000_000n,
  priceVersion: '1',
  expiresAt: '2026-01-01T00:15:00.000Z',
};
const place = { spec, etaSeconds: 4, queuePosition: 2 };

export const submitJob: JobCommand = { type: 'SubmitJob', submission, screening, hold, place };

/** What a submission leaves in the stream. */
export const accepted: readonly JobEvent[] = [
  { type: 'JobSubmitted', ...submission },
  { type: 'PromptScreened', ...screening },
  { type: 'CreditsHeld', ...hold },
  { type: 'JobQueued', accountId, deadlineAt, ...place },
];

export const started = (attempt: number): JobEvent => ({
  type: 'AttemptStarted',
  accountId,
  attempt,
  workerId: `worker-${attempt}`,
  startedAt: '2026-01-01T00:00:02.000Z',
});

export const failed = (attempt: number, final = false): JobEvent => ({
  type: 'AttemptFailed',
  attempt,
  code: 'engine.failed',
  final,
});

export const output = (attempt: number, index: number): Output => ({
  outputId: `out_${attempt}_${index}`,
  digest: `${attempt}${index}`.padStart(64, '0'),
});

export const outputsOf = (attempt: number, count = 4): Output[] =>
  Array.from({ length: count }, (_, index) => output(attempt, index));

export const reported = (attempt: number, count = 4): JobEvent => ({
  type: 'OutputsReported',
  attempt,
  gpuMs: 800,
  outputs: outputsOf(attempt, count),
});

/** Receipts for the outputs of an attempt; those named in `blocked` by index are refused. */
export function receiptsOf(attempt: number, blocked: readonly number[] = [], count = 4) {
  const entries = outputsOf(attempt, count).map(({ outputId, digest }, index) => {
    const receipt: Receipt = {
      decisionId: `dec_${attempt}_${index}`,
      verdict: blocked.includes(index) ? 'block' : 'pass',
      subjectDigest: digest,
    };
    return [outputId, receipt] as const;
  });
  return Object.fromEntries(entries);
}

export const checked = (attempt: number, blocked: readonly number[] = []): JobEvent => ({
  type: 'OutputsChecked',
  attempt,
  receipts: receiptsOf(attempt, blocked),
});

/** Capture of `numerator` quarters of the price. */
export const captured = (numerator = 4): Settlement => {
  const capturedMicros = (priceMicros * BigInt(numerator)) / 4n;
  return {
    kind: 'captured',
    capturedMicros,
    refundedMicros: priceMicros - capturedMicros,
  };
};

export const givenBack = (kind: 'voided' | 'expired' = 'voided'): Settlement => ({
  kind,
  capturedMicros: 0n,
  refundedMicros: priceMicros,
});

export const settled = (settlement: Settlement): JobEvent => ({
  type: 'CreditsSettled',
  settlement,
});

export const completed = (attempt: number, released: readonly number[]): JobEvent => ({
  type: 'JobCompleted',
  releasedOutputIds: released.map((index) => output(attempt, index).outputId),
  accountId,
  settlement: captured(released.length),
});

export const ended = (
  type: 'JobFailed' | 'JobBlocked' | 'JobCancelled',
  code: string,
  settlement = givenBack(),
): JobEvent => ({ type, code, accountId, settlement });

export const deadlineExceeded: JobEvent = { type: 'DeadlineExceeded', deadlineAt };
export const contentErased: JobEvent = { type: 'ContentErased' };
export const cancellationRequested: JobEvent = { type: 'CancellationRequested' };

/** A job of four images that went well. */
export const done: readonly JobEvent[] = [
  ...accepted,
  started(1),
  reported(1),
  checked(1),
  settled(captured()),
  completed(1, [0, 1, 2, 3]),
];
