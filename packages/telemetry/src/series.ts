import type { Attributes } from '@opentelemetry/api';

/** As in OpenTelemetry's SDK: what a label of too many values can add is bounded. */
const MOST_SERIES = 2_000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

class Step<Value> {
  readonly next = new Map<unknown, Step<Value>>();
  value: Value | undefined;

  to(part: unknown): Step<Value> {
    const known = this.next.get(part) ?? new Step<Value>();
    this.next.set(part, known);
    return known;
  }
}

/**
 * The values of one instrument, one for each set of attributes. A set that was seen before is found
 * by following its names and values, which is much cheaper than making a key of them.
 */
export class Series<Value> {
  private readonly first = new Step<Value>();
  private readonly known = new Map<string, readonly [Attributes, Value]>();

  constructor(private readonly create: () => Value) {}

  at(attributes: Attributes): Value {
    let step: Step<Value> | undefined = this.first;
    for (const name in attributes) {
      step = step.next.get(name)?.next.get(attributes[name]);
      if (step === undefined) return this.settle(attributes);
    }
    return step.value ?? this.settle(attributes);
  }

  all(): (readonly [Attributes, Value])[] {
    return [...this.known.values()];
  }

  private settle(attributes: Attributes): Value {
    const entries = Object.entries(attributes);
    const key = JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.known.get(key);
    const full = this.known.size >= MOST_SERIES - 1;
    if (known === undefined && full && attributes !== OVERFLOW) return this.at(OVERFLOW);
    const value = known?.[1] ?? this.create();
    if (known === undefined) this.known.set(key, [{ ...attributes }, value]);
    // A list is never the same twice: paths through it would only pile up.
    if (entries.some(([, part]) => typeof part === 'object')) return value;
    let step = this.first;
    for (const [name, part] of entries) step = step.to(name).to(part);
    step.value = value;
    return value;
  }
}
