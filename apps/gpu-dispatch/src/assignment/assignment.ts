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
  /** Why the schedule chose this job for this worker; leases of older dispatchers do not tell. */
  decision?: Carried;
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
/** When the attempt that ends began: whoever has not heard of its start learns it with its end. */
interface Ending {
  startedAt: string;
}

export type AssignmentEvent =
  | ({ type: 'AssignmentQueued' } & Queueing)
  | ({ type: 'AttemptLeased'; attempt: number } & Lease)
  /** The attempt has run for so long that its start is news; a shorter one is told with its end. */
  | { type: 'AttemptStarted'; attempt: number; workerId: string; startedAt: string }
  /** The attempt never ran, or was handed back unharmed: it does not count against the job. */
  | { type: 'LeaseReleased'; attempt: number; reason: string }
  | ({ type: 'AttemptCompleted' } & Completion & Ending)
  | ({ type: 'AttemptFailed'; final: boolean; retryAt: string | null } & Failure & Ending)
  | ({ type: 'LeaseExpired'; attempt: number; workerId: string; final: boolean } & Ending)
  | { type: 'AssignmentWithdrawn'; reason: string };

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
  | { type: 'WithdrawAssignment'; reason: string };

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
  /** The attempt's start is recorded. */
  started: boolean;
  /** Leases that workers lost, so far. */
  lost: number;
  /** The job waits until then; `null`: it waits for nothing but a slot. */
  retryAt: string | null;
}>;

export const initialState = (): Assignment => ({
  status: 'unknown',
  attempt: 0,
  charged: 0,
  attemptsMax: 0,
  workerId: '',
  leasedAt: '',
  started: false,
  lost: 0,
  retryAt: null,
});

const LOST = 'worker.lost_it';

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
      return [{ ...command, type: 'AttemptCompleted', startedAt: assignment.leasedAt }];
    }
    case 'FailAttempt':
      return holdsLease(assignment, command) ? fail(assignment, command) : [];
    case 'ExpireLease':
      return holdsLease(assignment, command) ? expire(assignment) : [];
    case 'WithdrawAssignment':
      // Also of a job never heard of: should its queueing come late, it finds the door closed.
      return hasEnded(assignment) ? [] : [{ ...command, type: 'AssignmentWithdrawn' }];
  }
}

export function evolve(assignment: Assignment, event: AssignmentEvent): Assignment {
  const { charged } = assignment;
  switch (event.type) {
    case 'AssignmentQueued':
      return { ...assignment, status: 'queued', attemptsMax: event.attemptsMax };
    case 'AttemptLeased': {
      const { attempt, workerId, leasedAt } = event;
      const lease = { attempt, workerId, leasedAt, started: false, retryAt: null };
      return { ...assignment, status: 'leased', ...lease };
    }
    case 'AttemptStarted':
      return { ...assignment, started: true };
    case 'LeaseReleased': {
      const lost = assignment.lost + (event.reason === LOST ? 1 : 0);
      return { ...assignment, status: 'queued', lost };
    }
    case 'AttemptCompleted':
      return { ...assignment, status: 'completed', charged: charged + 1 };
    case 'AttemptFailed':
    case 'LeaseExpired': {
      const retryAt = event.type === 'AttemptFailed' ? event.retryAt : null;
      const status = event.final ? 'failed' : 'queued';
      return { ...assignment, status, charged: charged + 1, retryAt };
    }
    case 'AssignmentWithdrawn':
      return { ...assignment, status: 'withdrawn' };
  }
}

// The attempt number is the fencing token. A worker that lost its lease may still report back,
// because the network is slow or it was suspended; its report must change nothing.
const holdsLease = (assignment: Assignment, { attempt }: { attempt: number }): boolean =>
  assignment.status === 'leased' && assignment.attempt === attempt;

const tokenOf = ({ attempt, workerId, leasedAt: startedAt }: Assignment) => ({
  attempt,
  workerId,
  startedAt,
});

function fail(
  assignment: Assignment,
  command: Extract<AssignmentCommand, { type: 'FailAttempt' }>,
): AssignmentEvent[] {
  const final = !command.retryable || isLast(assignment);
  const retryAt = final ? null : command.retryAt;
  return [{ ...command, type: 'AttemptFailed', startedAt: assignment.leasedAt, final, retryAt }];
}

function expire(assignment: Assignment): AssignmentEvent[] {
  return [{ type: 'LeaseExpired', ...tokenOf(assignment), final: isLast(assignment) }];
}

/** No fault of the job, unless it happens again and again: whatever it does to workers must end. */
function lose(assignment: Assignment): AssignmentEvent[] {
  if (assignment.lost >= assignment.attemptsMax) return expire(assignment);
  return [{ type: 'LeaseReleased', attempt: assignment.attempt, reason: LOST }];
}

const isLast = ({ charged, attemptsMax }: Assignment): boolean => charged + 1 >= attemptsMax;

const hasEnded = ({ status }: Assignment): boolean =>
  status === 'completed' || status === 'failed' || status === 'withdrawn';

export const assignmentDecider: Decider<AssignmentCommand, AssignmentEvent, Assignment> = {
  decide,
  evolve,
  initialState,
};
