/* oxlint-disable max-lines -- the whole aggregate in its reading order, one file without helpers */
import type { Decider } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';

export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed' | 'blocked' | 'cancelled';

/** What the aggregate only carries is opaque to it: schemas guard its shape where it comes and goes. */
type Carried = Readonly<Record<string, unknown>>;
export type JobSpec = Carried & { readonly images: number };
export type Output = Carried & { readonly outputId: string; readonly digest: string };
/** Moderation's signed receipt, kept whole: the gateway verifies it before it hands anything out. */
export type Receipt = Carried & {
  readonly decisionId: string;
  readonly verdict: 'pass' | 'block';
  readonly subjectDigest: string;
};
export type Receipts = Readonly<Record<string, Receipt>>;
export interface Settlement {
  kind: 'captured' | 'voided' | 'expired';
  capturedMicros: bigint;
  refundedMicros: bigint;
}
type Start = {
  attempt: number;
  workerId: string;
  startedAt: string;
  /** Why it began then; starts from before it was told have none. */
  placement?: { readonly rule: string; readonly waitedMs: number; readonly warm: boolean };
};
type End = { accountId: string; settlement: Settlement };

export interface Submission {
  accountId: string;
  keyId: string;
  /** As asked; `JobQueued` has it with model and steps chosen. */
  spec: JobSpec;
  contentDigest: string;
  /** As pairs: the customer's keys must not meet the store's rules about field names. */
  metadata: [key: string, value: string][];
  deadlineAt: string;
  /** The failed job that this one is made again of; events from before that have none. */
  retryOf?: string | null;
}
/** Without the digest of the words: unsalted, it could be guessed from a dictionary. */
export interface Screening {
  decisionId: string;
  policyVersion: string;
  policyDigest: string;
  confidence: number;
  decidedAt: string;
}
/** Nothing is set aside for a test key; `listPriceMicros` is what it would have cost. */
export interface Hold {
  priceMicros: bigint;
  listPriceMicros?: bigint;
  availableMicros: bigint;
  priceVersion: string;
  expiresAt: string;
}
export interface Place {
  spec: JobSpec;
  etaSeconds: number;
  /** Events from before this was told have none. */
  etaP90Seconds?: number | null;
  queuePosition: number;
}

export type JobEvent =
  | ({ type: 'JobSubmitted' } & Submission)
  | ({ type: 'PromptScreened' } & Screening)
  | ({ type: 'CreditsHeld' } & Hold)
  | ({ type: 'JobQueued'; accountId: string; deadlineAt: string } & Place)
  | ({ type: 'AttemptStarted'; accountId: string } & Start)
  /** `gpuMs` is absent where the worker could not say what it used. */
  | { type: 'AttemptFailed'; attempt: number; code: string; final: boolean; gpuMs?: number }
  /** Comes after the job's end: a worker let go of it, and this is what it had used. */
  | { type: 'AttemptStopped'; attempt: number; gpuMs: number }
  | { type: 'OutputsReported'; attempt: number; gpuMs: number; outputs: Output[] }
  | { type: 'OutputsChecked'; attempt: number; receipts: Receipts }
  | { type: 'DeadlineExceeded'; deadlineAt: string }
  /** Without a code the customer asked for it. */
  | { type: 'CancellationRequested'; code?: string }
  | { type: 'ContentErased' }
  /** A case of moderation is about it. `releasedOutputIds` once the job has completed. */
  | {
      type: 'OutputWithheld' | 'OutputRestored';
      outputId: string;
      caseId: string;
      releasedOutputIds: string[] | null;
    }
  | { type: 'CreditsSettled'; settlement: Settlement }
  | ({ type: 'JobCompleted'; releasedOutputIds: string[] } & End)
  | ({ type: 'JobFailed' | 'JobBlocked' | 'JobCancelled'; code: string } & End);

export type JobCommand =
  | { type: 'SubmitJob'; submission: Submission; screening: Screening; hold: Hold; place: Place }
  | ({ type: 'StartAttempt' } & Start)
  | { type: 'FailAttempt'; attempt: number; code: string; final: boolean; gpuMs?: number }
  | { type: 'StopAttempt'; attempt: number; gpuMs: number }
  | { type: 'ReportOutputs'; attempt: number; gpuMs: number; outputs: Output[] }
  | { type: 'RecordCheck'; receipts: Receipts }
  | { type: 'RecordSettlement'; settlement: Settlement }
  | { type: 'ExpireJob'; now: string }
  | { type: 'CancelJob'; code?: string }
  | { type: 'EraseContent' }
  | { type: 'WithholdOutput' | 'RestoreOutput'; outputId: string; caseId: string };

export type Job = Readonly<{
  status: 'unknown' | JobStatus;
  accountId: string;
  spec: JobSpec | null;
  deadlineAt: string;
  priceMicros: bigint;
  /** The most recent attempt heard of, and the most recent one known to have failed. */
  attempt: number;
  failedAttempt: number;
  /** The attempt that was stopped because the job had ended; 0 where none is known. */
  stoppedAttempt: number;
  outputs: readonly Output[] | null;
  receipts: Receipts | null;
  /** Set once it is decided that the job ends without a result. */
  stop: Readonly<{ end: 'JobFailed' | 'JobCancelled'; code: string }> | null;
  settlement: Settlement | null;
  /** Words, input pictures and outputs are gone; only a job that has ended can be erased. */
  erased: boolean;
  /** Pairs of output and case: an output that several withhold comes back with the last. */
  withheld: ReadonlySet<string>;
}>;

export const initialState = (): Job => ({
  status: 'unknown',
  accountId: '',
  spec: null,
  deadlineAt: '',
  priceMicros: 0n,
  attempt: 0,
  failedAttempt: 0,
  stoppedAttempt: 0,
  outputs: null,
  receipts: null,
  stop: null,
  settlement: null,
  erased: false,
  withheld: new Set(),
});

export function decide(command: JobCommand, job: Job): JobEvent[] {
  if (command.type === 'SubmitJob') return submit(command, job);
  if (job.status === 'unknown') throw new DomainError('job.not_found');
  switch (command.type) {
    case 'StartAttempt':
      if (!isOpen(job) || command.attempt <= job.attempt) return [];
      return [{ ...command, type: 'AttemptStarted', accountId: job.accountId }];
    case 'FailAttempt':
      return isCurrent(job, command.attempt) ? [{ ...command, type: 'AttemptFailed' }] : [];
    case 'StopAttempt':
      if (!isOver(job) || job.stoppedAttempt >= command.attempt) return [];
      return [{ ...command, type: 'AttemptStopped' }];
    case 'ReportOutputs':
      if (!isCurrent(job, command.attempt)) return [];
      if (command.outputs.length > (job.spec?.images ?? 0))
        throw new DomainError('outputs.too_many');
      return [{ ...command, type: 'OutputsReported' }];
    case 'RecordCheck':
      if (hasEnded(job) || job.outputs === null || job.receipts !== null) return [];
      return withEnd(job, { ...command, type: 'OutputsChecked', attempt: job.attempt });
    case 'RecordSettlement':
      return job.settlement === null ? settle(job, command.settlement) : [];
    case 'ExpireJob':
      if (!isStoppable(job) || Date.parse(command.now) < Date.parse(job.deadlineAt)) return [];
      return [{ type: 'DeadlineExceeded', deadlineAt: job.deadlineAt }];
    case 'CancelJob':
      if (hasEnded(job)) throw new DomainError('job.ended');
      return isStoppable(job) ? [{ ...command, type: 'CancellationRequested' }] : [];
    case 'EraseContent':
      if (!hasEnded(job)) throw new DomainError('job.open', { status: job.status });
      return job.erased ? [] : [{ type: 'ContentErased' }];
    case 'WithholdOutput':
    case 'RestoreOutput':
      return withhold(command, job);
  }
}

export const evolve = (job: Job, event: JobEvent): Job =>
  'caseId' in event ? afterCase(job, event) : afterEvent(job, event);

type CaseEvent = Extract<JobEvent, { caseId: string }>;

function afterEvent(job: Job, event: Exclude<JobEvent, CaseEvent>): Job {
  switch (event.type) {
    case 'JobSubmitted': {
      const { accountId, deadlineAt } = event;
      return { ...job, status: 'pending', accountId, deadlineAt };
    }
    case 'PromptScreened':
      return job;
    case 'CreditsHeld':
      return { ...job, priceMicros: event.priceMicros };
    case 'JobQueued':
      return { ...job, spec: event.spec };
    case 'AttemptStarted':
      return { ...job, status: 'processing', attempt: event.attempt };
    case 'AttemptFailed':
      return { ...job, ...afterFailure(event) };
    case 'AttemptStopped':
      return { ...job, stoppedAttempt: event.attempt };
    case 'OutputsReported':
      return { ...job, status: 'processing', attempt: event.attempt, outputs: event.outputs };
    case 'OutputsChecked':
      return { ...job, receipts: event.receipts };
    case 'DeadlineExceeded':
      return { ...job, stop: { end: 'JobFailed', code: 'job.deadline_exceeded' } };
    case 'CancellationRequested':
      return { ...job, stop: { end: 'JobCancelled', code: event.code ?? 'job.cancelled' } };
    case 'CreditsSettled':
      return { ...job, settlement: event.settlement };
    case 'ContentErased':
      return { ...job, erased: true };
    case 'JobCompleted':
    case 'JobFailed':
    case 'JobBlocked':
    case 'JobCancelled':
      return { ...job, status: endStatus[event.type] };
  }
}

export const endStatus = {
  JobCompleted: 'completed',
  JobFailed: 'failed',
  JobBlocked: 'blocked',
  JobCancelled: 'cancelled',
} as const;

const afterFailure = (failure: { attempt: number; code: string; final: boolean }) => ({
  attempt: failure.attempt,
  failedAttempt: failure.attempt,
  stop: failure.final ? { end: 'JobFailed' as const, code: failure.code } : null,
});
export const hasEnded = (job: Job) => (Object.values(endStatus) as string[]).includes(job.status);

/** No attempt can change how it ends: the dispatcher stops one only then. */
const isOver = (job: Job) => hasEnded(job) || job.stop !== null;
/** Outputs close a job to attempts: the dispatcher accepts only one attempt's, and money follows. */
const isOpen = (job: Job) => isStoppable(job) && job.outputs === null;
// The attempt number is the fencing token: a worker that lost its lease may still report.
const isCurrent = (job: Job, attempt: number) =>
  isOpen(job) && attempt >= job.attempt && attempt > job.failedAttempt;
/** Once its outputs are checked a job is settled by that result, however late it is. */
const isStoppable = (job: Job) =>
  !hasEnded(job) && job.stop === null && job.receipts === null && job.settlement === null;

/** The reported outputs that hold a passing receipt for exactly their bytes; no receipt, no pass. */
export const passedOutputs = (job: Job): Output[] =>
  (job.outputs ?? []).filter(({ outputId, digest }) => {
    const receipt = job.receipts?.[outputId];
    return receipt?.verdict === 'pass' && receipt.subjectDigest === digest;
  });

const pairOf = ({ outputId, caseId }: { outputId: string; caseId: string }) =>
  `${outputId} ${caseId}`;

function afterCase(job: Job, event: CaseEvent): Job {
  const withheld = new Set(job.withheld);
  if (event.type === 'OutputWithheld') withheld.add(pairOf(event));
  else withheld.delete(pairOf(event));
  return { ...job, withheld };
}

/** Of those that passed, what no case withholds. */
const releasedOutputs = (job: Job): string[] =>
  passedOutputs(job)
    .map(({ outputId }) => outputId)
    .filter((outputId) => ![...job.withheld].some((pair) => pair.startsWith(`${outputId} `)));

/** At any time: a case may be about an output before its job has ended. */
function withhold(
  { type, outputId, caseId }: Extract<JobCommand, { caseId: string }>,
  job: Job,
): JobEvent[] {
  const isWithheld = job.withheld.has(pairOf({ outputId, caseId }));
  if (isWithheld === (type === 'WithholdOutput')) return [];
  const event = {
    type: type === 'WithholdOutput' ? 'OutputWithheld' : 'OutputRestored',
    ...{ outputId, caseId, releasedOutputIds: null },
  } as const;
  const released = releasedOutputs(evolve(job, event));
  return [{ ...event, releasedOutputIds: job.status === 'completed' ? released : null }];
}

function submit(command: Extract<JobCommand, { type: 'SubmitJob' }>, job: Job): JobEvent[] {
  const { submission, screening, hold, place } = command;
  const { accountId, deadlineAt } = submission;
  const isRepeated = job.status !== 'unknown';
  if (isRepeated && job.accountId !== accountId) throw new DomainError('job.id_taken');
  if (isRepeated) return [];
  return [
    { type: 'JobSubmitted', ...submission },
    { type: 'PromptScreened', ...screening },
    { type: 'CreditsHeld', ...hold },
    { type: 'JobQueued', accountId, deadlineAt, ...place },
  ];
}

function settle(job: Job, settlement: Settlement): JobEvent[] {
  const { kind, capturedMicros, refundedMicros } = settlement;
  if (capturedMicros + refundedMicros !== job.priceMicros)
    throw new DomainError('settlement.mismatch');
  if (kind === 'captured' && job.outputs === null) throw new DomainError('settlement.unearned');
  return withEnd(job, { type: 'CreditsSettled', settlement });
}

/** The end is decided together with the last fact it needs: no settled job waits for its end. */
function withEnd(job: Job, event: JobEvent): JobEvent[] {
  const end = endOf(evolve(job, event));
  return end === undefined ? [event] : [event, end];
}

// Billing resolves a hold once, so its answer arbitrates between whoever raced for it: captured means
// completed, everything else means that no output is handed out.
function endOf(job: Job): JobEvent | undefined {
  const { accountId, settlement, receipts, stop } = job;
  if (settlement === null) return undefined;
  const end = { accountId, settlement };
  const passed = passedOutputs(job).map(({ outputId }) => outputId);
  const released = releasedOutputs(job);
  if (settlement.kind === 'captured') {
    if (receipts === null) return undefined;
    return { type: 'JobCompleted', releasedOutputIds: released, ...end };
  }
  if (stop !== null) return { type: stop.end, code: stop.code, ...end };
  if (receipts !== null && passed.length === 0)
    return { type: 'JobBlocked', code: 'output.blocked', ...end };
  return { type: 'JobFailed', code: 'hold.expired', ...end };
}

export const jobDecider: Decider<JobCommand, JobEvent, Job> = { decide, evolve, initialState };
