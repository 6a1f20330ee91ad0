import type { Decider } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';

/** What the aggregate only carries is opaque to it: schemas guard its shape where it comes and goes. */
type Carried = Readonly<Record<string, unknown>>;

interface Queueing {
  accountId: string;
  /** What the engine is to do, without the words. */
  spec: Carried;
  deadlineAt: string;
  predictedGpuMs: number;
  attemptsMax: number;
}
interface Lease {
  workerId: string;
  /** Which start of the worker's process. */
  incarnation: string;
  /** The dispatcher's reign in which the lease was given. */
  epoch: number;
  leasedAt: string;
  leaseUntil: string;
  /** Why the schedule chose this job for this worker; leases from before that do not tell. */
  decision?: Carried & Placement;
}
/** The part of a decision that the job's owner may know. */
interface Placement {
  rule: string;
  waitedMs: number;
  /** The worker had the model loaded. */
  warm: boolean;
}
interface Failure {
  attempt: number;
  workerId: string;
  gpuMs: number;
  code: string;
  message: string;
  retryable: boolean;
}
interface Completion {
  attempt: number;
  workerId: string;
  gpuMs: number;
  outputs: readonly Carried[];
}
/** Final because so many workers failed with it, though attempts were left. */
interface Verdict {
  poison: boolean;
}
/** When the attempt that ends began: whoever has not heard of its start learns it with its end. */
interface Ending {
  startedAt: string;
  placement?: Placement;
}

export type AssignmentEvent =
  | ({ type: 'AssignmentQueued' } & Queueing)
  | ({ type: 'AttemptLeased'; attempt: number } & Lease)
  /** The attempt has run for so long that its start is news; a shorter one is told with its end. */
  | ({ type: 'AttemptStarted'; attempt: number; workerId: string } & Ending)
  /** The attempt never ran, was handed back unharmed, or was lost: it does not count against the job. */
  | { type: 'LeaseReleased'; attempt: number; reason: string; lostBy?: string }
  | ({ type: 'AttemptCompleted' } & Completion & Ending)
  | ({ type: 'AttemptFailed'; final: boolean; retryAt: string | null } & Failure & Ending & Verdict)
  | ({ type: 'LeaseExpired'; attempt: number; workerId: string; final: boolean } & Ending & Verdict)
  | { type: 'AssignmentWithdrawn'; reason: string }
  /** The worker let go of what it had when the job ended otherwise: what that used. */
  | ({ type: 'AttemptStopped'; attempt: number; workerId: string; gpuMs: number } & Ending);

export type AssignmentCommand =
  | ({ type: 'QueueAssignment' } & Queueing)
  | ({ type: 'LeaseAttempt' } & Lease)
  | { type: 'StartAttempt'; attempt: number }
  | { type: 'ReleaseLease'; attempt: number; reason: string }
  /** Its worker is there and does not know of the lease. */
  | { type: 'LoseLease'; attempt: number }
  | ({ type: 'CompleteAttempt' } & Completion)
  /** `retryAt`: when to try again, should there be another attempt. */
  | ({ type: 'FailAttempt'; retryAt: string } & Failure)
  | { type: 'ExpireLease'; attempt: number }
  | { type: 'WithdrawAssignment'; reason: string }
  | { type: 'StopAttempt'; attempt: number; gpuMs: number };

export type Assignment = Readonly<{
  status: 'unknown' | 'queued' | 'leased' | 'completed' | 'failed' | 'withdrawn';
  /** The most recent attempt; the fencing token. Rises with every lease. */
  attempt: number;
  /** Attempts that count towards the most allowed. */
  charged: number;
  attemptsMax: number;
  /** Who holds the lease, or held it last, and since when. */
  workerId: string;
  leasedAt: string;
  placement: Placement | null;
  /** The attempt's start is recorded. */
  started: boolean;
  /** Leases that workers lost, so far. */
  lost: number;
  /** Workers that failed with it, fell silent or lost it; each once. */
  failedOn: readonly string[];
  /** The job waits until then; `null`: it waits for nothing but a slot. */
  retryAt: string | null;
  /** The withdrawal took it from a worker, which has not said yet what it used. */
  takenAway: boolean;
}>;

export const initialState = (): Assignment => ({
  ...{ status: 'unknown', attempt: 0, charged: 0, attemptsMax: 0, workerId: '', leasedAt: '' },
  ...{ placement: null, started: false, lost: 0, failedOn: [], retryAt: null, takenAway: false },
});

/** Why a lease was released that its worker had accepted and then knew nothing of. */
export const LOST = 'worker.lost_it';
/** Fails or falls silent with as many different workers: it is the job, not the workers. */
const POISONED_WORKERS = 3;

/** A job that was queued, and to which nothing else has happened. */
export const justQueued = (attemptsMax: number): Assignment => ({
  ...initialState(),
  ...{ status: 'queued', attemptsMax },
});

export function decide(command: AssignmentCommand, assignment: Assignment): AssignmentEvent[] {
  switch (command.type) {
    case 'QueueAssignment':
      return assignment.status === 'unknown' ? [{ ...command, type: 'AssignmentQueued' }] : [];
    case 'LeaseAttempt':
      if (assignment.status !== 'queued') throw new DomainError('assignment.not_queued');
      return [{ ...command, type: 'AttemptLeased', attempt: assignment.attempt + 1 }];
    case 'StartAttempt': {
      if (!holdsLease(assignment, command) || assignment.started) return [];
      return [{ type: 'AttemptStarted', ...tokenOf(assignment) }];
    }
    case 'ReleaseLease':
      return holdsLease(assignment, command) ? [{ ...command, type: 'LeaseReleased' }] : [];
    case 'LoseLease':
      return holdsLease(assignment, command) ? lose(assignment) : [];
    case 'CompleteAttempt': {
      if (!holdsLease(assignment, command)) return [];
      return [{ ...command, type: 'AttemptCompleted', ...beginningOf(assignment) }];
    }
    case 'FailAttempt':
      return holdsLease(assignment, command) ? fail(assignment, command) : [];
    case 'ExpireLease':
      return holdsLease(assignment, command) ? expire(assignment) : [];
    case 'WithdrawAssignment':
      // Also of a job never heard of: should its queueing come late, it finds the door closed.
      return hasEnded(assignment) ? [] : [{ ...command, type: 'AssignmentWithdrawn' }];
    case 'StopAttempt': {
      if (!assignment.takenAway || command.attempt !== assignment.attempt) return [];
      return [{ type: 'AttemptStopped', ...tokenOf(assignment), gpuMs: command.gpuMs }];
    }
  }
}

export function evolve(assignment: Assignment, event: AssignmentEvent): Assignment {
  const { charged } = assignment;
  switch (event.type) {
    case 'AssignmentQueued':
      return justQueued(event.attemptsMax);
    case 'AttemptLeased': {
      const { attempt, workerId, leasedAt, decision } = event;
      const placement = decision === undefined ? null : placementOf(decision);
      const lease = { attempt, workerId, leasedAt, placement, started: false, retryAt: null };
      return { ...assignment, status: 'leased', ...lease };
    }
    case 'AttemptStarted':
      return { ...assignment, started: true };
    case 'LeaseReleased': {
      if (event.lostBy === undefined) return { ...assignment, status: 'queued' };
      const failedOn = failuresWith(assignment);
      return { ...assignment, status: 'queued', lost: assignment.lost + 1, failedOn };
    }
    case 'AttemptCompleted':
      return { ...assignment, status: 'completed', charged: charged + 1 };
    case 'AttemptFailed':
    case 'LeaseExpired': {
      const retryAt = event.type === 'AttemptFailed' ? event.retryAt : null;
      const status = event.final ? 'failed' : 'queued';
      const failedOn = failuresWith(assignment);
      return { ...assignment, status, charged: charged + 1, retryAt, failedOn };
    }
    case 'AssignmentWithdrawn':
      return { ...assignment, status: 'withdrawn', takenAway: assignment.status === 'leased' };
    case 'AttemptStopped':
      return { ...assignment, takenAway: false };
  }
}

// The attempt number is the fencing token. A worker that lost its lease may still report back,
// because the network is slow or it was suspended; its report must change nothing.
const holdsLease = (assignment: Assignment, { attempt }: { attempt: number }): boolean =>
  assignment.status === 'leased' && assignment.attempt === attempt;

const tokenOf = (assignment: Assignment) => ({
  attempt: assignment.attempt,
  workerId: assignment.workerId,
  ...beginningOf(assignment),
});

const beginningOf = ({ leasedAt: startedAt, placement }: Assignment): Ending =>
  placement === null ? { startedAt } : { startedAt, placement };

const placementOf = ({ rule, waitedMs, warm }: Placement): Placement => ({ rule, waitedMs, warm });

function fail(
  assignment: Assignment,
  command: Extract<AssignmentCommand, { type: 'FailAttempt' }>,
): AssignmentEvent[] {
  const poison = command.retryable && isPoison(assignment);
  const final = !command.retryable || poison || isLast(assignment);
  const retryAt = final ? null : command.retryAt;
  return [
    { ...command, type: 'AttemptFailed', ...beginningOf(assignment), final, poison, retryAt },
  ];
}

function expire(assignment: Assignment): AssignmentEvent[] {
  const poison = isPoison(assignment);
  const final = poison || isLast(assignment);
  return [{ type: 'LeaseExpired', ...tokenOf(assignment), final, poison }];
}

/** No fault of the job, unless it happens again and again: whatever it does to workers must end. */
function lose(assignment: Assignment): AssignmentEvent[] {
  const again = assignment.lost >= assignment.attemptsMax;
  if (again || isPoison(assignment)) return expire(assignment);
  const { attempt, workerId: lostBy } = assignment;
  return [{ type: 'LeaseReleased', attempt, reason: LOST, lostBy }];
}

const isLast = ({ charged, attemptsMax }: Assignment): boolean => charged + 1 >= attemptsMax;

/** Whether one more failure, with the worker that has it now, shows that the job is to blame. */
const isPoison = (assignment: Assignment): boolean =>
  failuresWith(assignment).length >= POISONED_WORKERS;

const failuresWith = ({ failedOn, workerId }: Assignment): readonly string[] =>
  failedOn.includes(workerId) ? failedOn : [...failedOn, workerId];

const hasEnded = ({ status }: Assignment): boolean =>
  status === 'completed' || status === 'failed' || status === 'withdrawn';

export const assignmentDecider: Decider<AssignmentCommand, AssignmentEvent, Assignment> = {
  decide,
  evolve,
  initialState,
};
