import type { Counter, Histogram } from '@opentelemetry/api';
import type { Telemetry } from '@safelight/telemetry';

/** Seconds; from a hot cache's answer to a request at its deadline. */
const BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Everything the bus counts, once per service. */
export class BusMetrics {
  /** Requests asked: `subject`, `outcome`. */
  readonly asked: Histogram;
  /** Requests answered: `subject`, `outcome`. */
  readonly answered: Histogram;
  /** Events handled: `subject`, `durable`, `outcome`. */
  readonly handled: Histogram;
  readonly redeliveries: Counter;
  readonly deadLetters: Counter;
  /** Events published: `stream`, `outcome`. */
  readonly published: Counter;

  constructor({ meter }: Pick<Telemetry, 'meter'>) {
    const duration = (name: string, description: string) =>
      meter.createHistogram(`safelight.bus.${name}.duration`, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: BOUNDARIES },
      });
    const count = (name: string, description: string) =>
      meter.createCounter(`safelight.bus.${name}`, { description });
    this.asked = duration('ask', 'Requests from asking to the answer');
    this.answered = duration('answer', 'Requests from arrival to the reply');
    this.handled = duration('handle', 'Events from arrival to their settlement');
    this.redeliveries = count('redeliveries', 'Events that arrived again');
    this.deadLetters = count('dead_letters', 'Events given up and parked');
    this.published = count('published', 'Events handed to JetStream');
  }
}
