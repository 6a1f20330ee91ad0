import type { PoolScaling } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import type { Decision } from '../schedule/decision.js';
import type { Board } from './board.js';
import type { RetryBudget } from './retry-budget.js';
import type { Supervision } from '../workers/supervision.js';

const SECONDS = { unit: 's' };
const HANDOVER_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 5];

/** A choice takes microseconds: the usual buckets would hold all of them in one. */
const DECISION_BUCKETS = [1e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 0.05];

/** What the gauges look at. */
export interface Watched {
  readonly board: Board;
  readonly retries: RetryBudget;
  readonly supervision: Supervision;
}

/** What operators watch. One per service; `watch` points the gauges at the present reign. */
export class DispatchMetrics {
  private watched: Watched | undefined;
  private scaling: (() => readonly PoolScaling[]) | undefined;
  private readonly rejected: ReturnType<typeof rejections>;
  private readonly queueWait;
  private readonly decision;
  private readonly decisions;
  private readonly attempt;
  private readonly expired;
  private readonly stale;
  private readonly refused;
  private readonly poisoned;
  private readonly canaries;
  private readonly handedOver: ReturnType<typeof handovers>;

  constructor({ meter }: Pick<Telemetry, 'meter'>) {
    this.queueWait = meter.createHistogram('queue_wait_seconds', {
      ...SECONDS,
      description: 'From queueing to the lease',
    });
    this.decision = meter.createHistogram('assign_decision_seconds', {
      ...SECONDS,
      description: 'Computing time of one choice of the schedule',
      advice: { explicitBucketBoundaries: DECISION_BUCKETS },
    });
    this.decisions = meter.createCounter('assign_decisions_total', {
      description: 'Choices of the schedule, by the rule that decided',
    });
    this.attempt = meter.createHistogram('attempt_seconds', {
      ...SECONDS,
      description: 'From the lease to its end',
    });
    this.expired = meter.createCounter('lease_expired_total', {
      description: 'Leases whose worker was not heard of any more',
    });
    this.stale = meter.createCounter('stale_token_total', {
      description: 'Reports of attempts that had been superseded, which changed nothing',
    });
    this.rejected = rejections(meter);
    this.showScaling(meter);
    this.refused = meter.createCounter('lease_refused_total', {
      description: 'Leases that their worker did not take, by reason',
    });
    this.poisoned = meter.createCounter('jobs_poisoned_total', {
      description: 'Jobs given up because so many different workers failed with them',
    });
    this.canaries = meter.createCounter('canaries_total', {
      description: 'Trials of workers in quarantine, by outcome',
    });
    this.handedOver = handovers(meter);
    this.gauges(meter);
  }

  watch(watched: Watched | undefined): void {
    this.watched = watched;
  }

  private gauges(meter: Telemetry['meter']): void {
    const gauge = (name: string, description: string, read: (watched: Watched) => number) =>
      meter.createObservableGauge(name, { description }).addCallback((result) => {
        result.observe(this.watched === undefined ? 0 : read(this.watched));
      });
    gauge('dispatch_leading', '1 where the queue is held', () => 1);
    gauge('leases_active', 'Attempts that run', ({ board }) => board.leased().length);
    gauge('backlog_gpu_seconds', 'Work that waits', ({ board }) => {
      return board.queue.backlog().gpuMs / 1_000;
    });
    gauge('workers_quarantined', 'Workers that are there and get no work', ({ supervision }) => {
      return supervision.quarantined;
    });
    gauge('worker_models_apart', 'Workers kept from a model they failed with', (watched) => {
      return watched.supervision.pairsApart;
    });
    gauge('retry_budget', 'Retries allowed at once', ({ retries }) => retries.left);
    gauge('retries_waiting', 'Retries held back by the budget', ({ retries }) => retries.waiting);
  }

  /** @param ms from the decision to the worker's acceptance */
  accepted(ms: number): void {
    this.handedOver.record(ms / 1_000);
  }

  leaseRefused(reason: string): void {
    this.refused.add(1, { reason });
  }

  jobPoisoned(): void {
    this.poisoned.add(1);
  }

  proved(outcome: 'passed' | 'failed' | 'open'): void {
    this.canaries.add(1, { outcome });
  }

  private showScaling(meter: Telemetry['meter']): void {
    meter
      .createObservableGauge('desired_replicas', { description: 'Workers that a pool should have' })
      .addCallback((result) => {
        for (const { pool, desired } of this.scaling?.() ?? []) result.observe(desired, { pool });
      });
    meter
      .createObservableGauge('cold_start_seconds', {
        ...SECONDS,
        description: 'From the wish for a worker until one offers itself',
      })
      .addCallback((result) => {
        for (const { pool, coldStartSeconds } of this.scaling?.() ?? []) {
          if (coldStartSeconds !== null) result.observe(coldStartSeconds, { pool });
        }
      });
  }

  watchScaling(scaling: (() => readonly PoolScaling[]) | undefined): void {
    this.scaling = scaling;
  }

  turnedAway(reason: string): void {
    this.rejected.add(1, { reason });
  }

  waited(lane: string, ms: number): void {
    this.queueWait.record(ms / 1_000, { lane });
  }

  decided({ rule, lane, warm }: Decision, ms: number): void {
    this.decision.record(ms / 1_000);
    this.decisions.add(1, { rule, lane, warm });
  }

  attempted(model: string, outcome: string, ms: number): void {
    this.attempt.record(ms / 1_000, { model, outcome });
  }

  leaseExpired(): void {
    this.expired.add(1);
  }

  staleToken(): void {
    this.stale.add(1);
  }
}

const rejections = (meter: Telemetry['meter']) =>
  meter.createCounter('admission_rejected_total', {
    description: 'Jobs that were turned away, by the reason',
  });

const handovers = (meter: Telemetry['meter']) =>
  meter.createHistogram('handover_seconds', {
    ...SECONDS,
    description: 'From the decision who runs an attempt to the worker having accepted it',
    advice: { explicitBucketBoundaries: [...HANDOVER_BUCKETS] },
  });
