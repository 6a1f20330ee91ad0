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

export type AssignmentEvent =
  | ({ type: 'AssignmentQueued' } & Queueing)
  | ({ type: 'AttemptLeased'; attempt: number } & Lease)
  /** The attempt never ran, or was handed back unharmed: it does not count against the job. */
  | { type: 'LeaseReleased'; attempt: number; reason: string }
  | ({ type: 'AttemptCompleted' } & Completion)
  | ({ type: 'AttemptFailed'; final: boolean } & Failure)
  | { type: 'LeaseExpired'; attempt: number; workerId: string; final: boolean }
  | { type: 'AssignmentWithdrawn'; reason: string };

export type AssignmentCommand =
  | ({ type: 'QueueAssignment' } & Queueing)
  | ({ type: 'LeaseAttempt' } & Lease)
  | { type: 'ReleaseLease'; attempt: number; reason: string }
  | ({ type: 'CompleteAttempt' } & Completion)
  | ({ type: 'FailAttempt' } & Failure)
  | { type: 'ExpireLease'; attempt: number }
  | { type: 'WithdrawAssignment'; reason: string };

export type Assignment = Readonly<{
  status: 'unknown' | 'queued' | 'leased' | 'completed' | 'failed' | 'withdrawn';
  /** The most recent attempt; the fencing token. Rises with every lease. */
  attempt: number;
  /** Attempts that count towards the most allowed. */
  charged: number;
  attemptsMax: number;
  /** Who holds the lease, or held it last. */
  workerId: string;
}>;

export const initialState = (): Assignment => ({
  status: 'unknown',
  attempt: 0,
  charged: 0,
  attemptsMax: 0,
  workerId: '',
});

export function decide(command: AssignmentCommand, assignment: Assignment): AssignmentEvent[] {
  switch (command.type) {
    case 'QueueAssignment':
      return assignment.status === 'unknown' ? [{ ...command, type: 'AssignmentQueued' }] : [];
    case 'LeaseAttempt':
      if (assignment.status !== 'queued') throw new DomainError('assignment.not_queued');
      return [{ ...command, type: 'AttemptLeased', attempt: assignment.attempt + 1 }];
    case 'ReleaseLease':
      return holdsLease(assignment, command) ? [{ ...command, type: 'LeaseReleased' }] : [];
    case 'CompleteAttempt':
      return holdsLease(assignment, command) ? [{ ...command, type: 'AttemptCompleted' }] : [];
    case 'FailAttempt':
      if (!holdsLease(assignment, command)) return [];
      return [
        { ...command, type: 'AttemptFailed', final: !command.retryable || isLast(assignment) },
      ];
    case 'ExpireLease': {
      if (!holdsLease(assignment, command)) return [];
      const { attempt, workerId } = assignment;
      return [{ type: 'LeaseExpired', attempt, workerId, final: isLast(assignment) }];
    }
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
      const { attempt, workerId } = event;
      return { ...assignment, status: 'leased', attempt, workerId };
    }
    case 'LeaseReleased':
      return { ...assignment, status: 'queued' };
    case 'AttemptCompleted':
      return { ...assignment, status: 'completed', charged: charged + 1 };
    case 'AttemptFailed':
    case 'LeaseExpired':
      return { ...assignment, status: event.final ? 'failed' : 'queued', charged: charged + 1 };
    case 'AssignmentWithdrawn':
      return { ...assignment, status: 'withdrawn' };
  }
}

// The attempt number is the fencing token. A worker that lost its lease may still report back,
// because the network is slow or it was suspended; its report must change nothing.
const holdsLease = (assignment: Assignment, { attempt }: { attempt: number }): boolean =>
  assignment.status === 'leased' && assignment.attempt === attempt;

const isLast = ({ charged, attemptsMax }: Assignment): boolean => charged + 1 >= attemptsMax;

const hasEnded = ({ status }: Assignment): boolean =>
  status === 'completed' || status === 'failed' || status === 'withdrawn';

export const assignmentDecider: Decider<AssignmentCommand, AssignmentEvent, Assignment> = {
  decide,
  evolve,
  initialState,
};
