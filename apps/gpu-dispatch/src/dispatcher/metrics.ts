import type { PoolScaling } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import type { Decision } from '../schedule/decision.js';
import type { Board } from './board.js';

const SECONDS = { unit: 's' };
/** A choice takes microseconds: the usual buckets would hold all of them in one. */
const DECISION_BUCKETS = [1e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 5e-3, 0.05];

/** What operators watch. One per service; `watch` points the gauges at the present reign. */
export class DispatchMetrics {
  private board: Board | undefined;
  private scaling: (() => readonly PoolScaling[]) | undefined;
  private readonly refused;
  private readonly queueWait;
  private readonly decision;
  private readonly decisions;
  private readonly attempt;
  private readonly expired;
  private readonly stale;

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
    this.refused = meter.createCounter('admission_rejected_total', {
      description: 'Jobs that were turned away, by the reason',
    });
    this.showScaling(meter);
    meter.createObservableGauge('leases_active').addCallback((result) => {
      result.observe(this.board?.leased().length ?? 0);
    });
    meter.createObservableGauge('backlog_gpu_seconds').addCallback((result) => {
      result.observe((this.board?.queue.backlog().gpuMs ?? 0) / 1_000);
    });
    meter
      .createObservableGauge('dispatch_leading', { description: '1 where the queue is held' })
      .addCallback((result) => result.observe(this.board === undefined ? 0 : 1));
  }

  watch(board: Board | undefined): void {
    this.board = board;
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
    this.refused.add(1, { reason });
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
