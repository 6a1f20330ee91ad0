import type { Telemetry } from '@safelight/telemetry';

const SECONDS = { unit: 's' };

/** What operators watch. */
export class SendingMetrics {
  private readonly tries;
  private readonly duration;
  private readonly waited;
  private readonly putOff;

  constructor({ meter }: Pick<Telemetry, 'meter'>, calling: () => number) {
    this.tries = meter.createCounter('webhook_attempts_total', {
      description: 'Tries to deliver an event, by outcome',
    });
    this.duration = meter.createHistogram('webhook_attempt_seconds', {
      ...SECONDS,
      description: 'How long receivers take to answer, or not to',
    });
    this.waited = meter.createHistogram('webhook_wait_seconds', {
      ...SECONDS,
      description: 'From when a try was due to when it began',
    });
    this.putOff = meter.createCounter('webhook_put_off_total', {
      description: 'Tries that had to wait for another service, which count for nothing',
    });
    meter
      .createObservableGauge('webhook_receivers_called', {
        description: 'Receivers that this process is calling now',
      })
      .addCallback((result) => result.observe(calling()));
  }

  began(waitedMs: number): void {
    this.waited.record(Math.max(waitedMs, 0) / 1_000);
  }

  tried(outcome: string, ms: number): void {
    this.tries.add(1, { outcome });
    this.duration.record(ms / 1_000, { outcome });
  }

  delayed(): void {
    this.putOff.add(1);
  }
}
