import type { Telemetry } from '@safelight/telemetry';

const SECONDS = { unit: 's' };
/** From a picture that is made at once to an hour of video. */
const BOUNDARIES = [0.1, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600];

export interface SlotCount {
  readonly slots: number;
  readonly busy: number;
}

/** What operators watch of a worker. Nothing here names a job or an account. */
export class WorkerMetrics {
  /** Where the gauges look; of whichever incarnation is at work. */
  slots: () => SlotCount = () => ({ slots: 0, busy: 0 });
  isEngineUp = false;
  private readonly attempt;
  private readonly load;
  private readonly waste;

  constructor({ meter }: Pick<Telemetry, 'meter'>) {
    const advice = { explicitBucketBoundaries: BOUNDARIES };
    this.attempt = meter.createHistogram('attempt_seconds', {
      ...{ ...SECONDS, advice, description: 'From the assignment to the end of the work' },
    });
    this.load = meter.createHistogram('model_load_seconds', {
      ...{ ...SECONDS, advice, description: 'Loading of models, by attempts that had to wait' },
    });
    this.waste = meter.createCounter('worker_waste_seconds', {
      ...{ ...SECONDS, description: 'Work and loading for attempts whose result nobody gets' },
    });
    meter
      .createObservableGauge('engine_up', { description: '1 while the engine takes work' })
      .addCallback((result) => result.observe(this.isEngineUp ? 1 : 0));
    meter.createObservableGauge('worker_slots').addCallback((result) => {
      const { slots, busy } = this.slots();
      result.observe(busy, { state: 'busy' });
      result.observe(Math.max(0, slots - busy), { state: 'free' });
    });
  }

  attempted(operation: string, outcome: string, ms: number): void {
    this.attempt.record(ms / 1_000, { operation, outcome });
  }

  loaded(model: string, ms: number): void {
    this.load.record(ms / 1_000, { model });
  }

  /** @param reason a stop's reason, `superseded`, `failed` or `unreported` */
  wasted(reason: string, ms: number): void {
    if (ms > 0) this.waste.add(ms / 1_000, { reason });
  }
}
