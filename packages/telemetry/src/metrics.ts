import {
  ValueType,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type MetricOptions,
  type ObservableCallback,
  type ObservableGauge,
} from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { Series } from './series.js';

/** What a service counts and measures with: the part of OpenTelemetry's `Meter` that we use. */
export type ServiceMeter = Pick<
  Meter,
  'createCounter' | 'createHistogram' | 'createObservableGauge'
>;

/** OpenTelemetry's own, for histograms that name none. */
const BOUNDARIES = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
] as const;

/** Prometheus asks when it wants to; our text states no times. */
const UNTIMED = { startTime: [0, 0], endTime: [0, 0] } satisfies Pick<
  MetricData['dataPoints'][number],
  'startTime' | 'endTime'
>;

interface Instrument {
  data(): Promise<MetricData>;
}

/**
 * Metrics that are only ever asked for as Prometheus' text, which OpenTelemetry writes. They are kept
 * without its SDK: that makes a sorted JSON text of the attributes for every measurement.
 */
export class Metrics implements ServiceMeter {
  private readonly instruments = new Map<string, Instrument>();
  private readonly serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

  constructor(private readonly resource: Resource) {}

  createCounter(name: string, options: MetricOptions = {}): Counter {
    return this.instrument(name, () => new Sum(name, options), Sum);
  }

  createHistogram(name: string, options: MetricOptions = {}): Histogram {
    return this.instrument(name, () => new Distribution(name, options), Distribution);
  }

  createObservableGauge(name: string, options: MetricOptions = {}): ObservableGauge {
    return this.instrument(name, () => new Observed(name, options), Observed);
  }

  /** @throws what a gauge's callback throws */
  async text(): Promise<string> {
    const all = await Promise.all([...this.instruments.values()].map((each) => each.data()));
    const metrics = all.filter(({ dataPoints }) => dataPoints.length > 0);
    const scopeMetrics = [{ scope: { name: 'safelight' }, metrics }];
    return this.serializer.serialize({ resource: this.resource, scopeMetrics });
  }

  /** Parts of a service that name the same instrument share it. */
  private instrument<Kind extends Instrument>(
    name: string,
    create: () => Kind,
    kind: abstract new (...parts: never[]) => Kind,
  ): Kind {
    const made = this.instruments.get(name) ?? create();
    if (!(made instanceof kind)) throw new TypeError(`${name} is another kind of metric already`);
    this.instruments.set(name, made);
    return made;
  }
}

const descriptorOf = (name: string, { description = '', unit = '' }: MetricOptions) => ({
  name,
  description,
  unit,
  valueType: ValueType.DOUBLE,
});

class Sum implements Counter, Instrument {
  private readonly series = new Series(() => ({ value: 0 }));

  constructor(
    private readonly name: string,
    private readonly options: MetricOptions,
  ) {}

  add(value: number, attributes: Attributes = {}): void {
    if (value >= 0) this.series.at(attributes).value += value;
  }

  async data(): Promise<MetricData> {
    return {
      descriptor: descriptorOf(this.name, this.options),
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: this.series
        .all()
        .map(([attributes, { value }]) => ({ ...UNTIMED, attributes, value })),
    };
  }
}

class Distribution implements Histogram, Instrument {
  private readonly boundaries: readonly number[];
  private readonly series: Series<{ count: number; sum: number; counts: number[] }>;

  constructor(
    private readonly name: string,
    private readonly options: MetricOptions,
  ) {
    this.boundaries = options.advice?.explicitBucketBoundaries ?? BOUNDARIES;
    const empty = Array.from({ length: this.boundaries.length + 1 }, () => 0);
    this.series = new Series(() => ({ count: 0, sum: 0, counts: [...empty] }));
  }

  record(value: number, attributes: Attributes = {}): void {
    if (!(value >= 0)) return;
    const into = this.series.at(attributes);
    into.count += 1;
    into.sum += value;
    let bucket = 0;
    while (value > (this.boundaries[bucket] ?? Infinity)) bucket += 1;
    into.counts[bucket] = (into.counts[bucket] ?? 0) + 1;
  }

  async data(): Promise<MetricData> {
    const boundaries = [...this.boundaries];
    return {
      descriptor: descriptorOf(this.name, this.options),
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: this.series.all().map(([attributes, { count, sum, counts }]) => ({
        ...UNTIMED,
        attributes,
        value: { count, sum, buckets: { boundaries, counts: [...counts] } },
      })),
    };
  }
}

class Observed implements ObservableGauge, Instrument {
  private readonly callbacks = new Set<ObservableCallback>();

  constructor(
    private readonly name: string,
    private readonly options: MetricOptions,
  ) {}

  addCallback(callback: ObservableCallback): void {
    this.callbacks.add(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.callbacks.delete(callback);
  }

  async data(): Promise<MetricData> {
    const now = new Series(() => ({ value: 0 }));
    const observe = (value: number, attributes: Attributes = {}) => {
      now.at(attributes).value = value;
    };
    await Promise.all(Array.from(this.callbacks, async (callback) => callback({ observe })));
    return {
      descriptor: descriptorOf(this.name, this.options),
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: now.all().map(([attributes, { value }]) => ({ ...UNTIMED, attributes, value })),
    };
  }
}
