import {
  assignTo,
  cancelOn,
  completeAttempt,
  newId,
  newUuid,
  offerSlots,
  type Assignment,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { AnswerFault, Unavailable } from '@safelight/messaging';
import type { RequestClient, SafelightServer } from '@safelight/messaging';
import { setTimeout as pause } from 'node:timers/promises';

/** How a simulated worker works. */
export interface WorkerHabits {
  readonly slots: number;
  readonly heartbeatMs: number;
  /** How long an attempt takes, in milliseconds. */
  readonly workMs: () => number;
}

/** What the workers of a fleet have seen, together. */
export interface Sightings {
  accepted: number;
  completed: number;
  /** Highest epoch of an assignment, and when the first one of it came, by `performance.now()`. */
  epoch: number;
  epochSinceMs: number;
  /** Attempts that were assigned although the same one had been accepted somewhere already. */
  readonly twice: string[];
  readonly attempts: Set<string>;
}

const MODEL = {
  ...{ name: 'sim/dot', description: 'a dot', operations: ['generate' as const] },
  ...{ defaultSteps: 4, maxWidth: 1_024, maxHeight: 1_024, gpuSecondsPerMegapixelStep: 0.01 },
};
const INSIST_MS = 100;

/** A worker of the real protocol without an engine: it waits, and says that it is done. */
export class SimulatedWorker {
  readonly incarnation = newUuid();
  private readonly holds = new Map<string, number>();
  private working = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly workerId: string,
    private readonly requests: RequestClient,
    private readonly habits: WorkerHabits,
    private readonly sightings: Sightings,
  ) {}

  /** Before the server listens. */
  answerOn(server: SafelightServer): void {
    server.answer(assignTo(this.incarnation), (assignment) => this.accept(assignment));
    server.answer(cancelOn(this.incarnation), ({ jobId }) => ({
      cancelled: this.holds.delete(jobId),
    }));
  }

  /** Offers regularly, the first time after `firstMs`. */
  start(firstMs: number): void {
    const beat = () => {
      void this.offer().catch(() => undefined);
      if (!this.stopped) this.timer = setTimeout(beat, this.habits.heartbeatMs);
    };
    this.timer = setTimeout(beat, firstMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async offer(): Promise<void> {
    const { slots } = this.habits;
    const { drop } = await this.requests.request(offerSlots, {
      ...{ workerId: this.workerId, incarnation: this.incarnation, engine: 'simulated' },
      ...{ models: [MODEL], warm: [MODEL.name], slots, freeSlots: slots - this.working },
      leases: [...this.holds].map(([jobId, attempt]) => ({ jobId, attempt })),
    });
    for (const { jobId, attempt } of drop) {
      if (this.holds.get(jobId) === attempt) this.holds.delete(jobId);
    }
  }

  private accept(assignment: Assignment): { accepted: true } {
    const { jobId, attempt, epoch } = assignment;
    if (this.holds.get(jobId) === attempt) return { accepted: true };
    if (epoch < this.sightings.epoch) throw new DomainError('worker.stale_epoch');
    if (this.working >= this.habits.slots) throw new DomainError('worker.busy');
    this.see(assignment);
    this.holds.set(jobId, attempt);
    void this.work(assignment);
    return { accepted: true };
  }

  private see({ jobId, attempt, epoch }: Assignment): void {
    const { sightings } = this;
    if (epoch > sightings.epoch) {
      sightings.epoch = epoch;
      sightings.epochSinceMs = performance.now();
    }
    const name = `${jobId} ${attempt}`;
    if (sightings.attempts.has(name)) sightings.twice.push(name);
    sightings.attempts.add(name);
    sightings.accepted += 1;
  }

  private async work(assignment: Assignment): Promise<void> {
    this.working += 1;
    await pause(this.habits.workMs());
    this.working -= 1;
    await this.report(assignment);
  }

  /** Insists, while the lease is ours, as a real agent does. */
  private async report({ jobId, attempt }: Assignment): Promise<void> {
    const { workerId, incarnation } = this;
    const report = {
      ...{ workerId, incarnation, jobId, attempt, gpuMs: 100 },
      outputs: [
        {
          ...{ outputId: newId('out'), key: `jobs/${jobId}/${attempt}/o.png`, bytes: 10, seed: 1 },
          ...{ digest: 'a'.repeat(64), mediaType: 'image/png' as const, width: 512, height: 512 },
        },
      ],
    };
    while (!this.stopped && this.holds.get(jobId) === attempt) {
      try {
        const { accepted } = await this.requests.request(completeAttempt, report);
        if (accepted) this.sightings.completed += 1;
        this.holds.delete(jobId);
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof AnswerFault)) throw error;
        await pause(INSIST_MS * (0.5 + Math.random()));
      }
    }
  }
}
