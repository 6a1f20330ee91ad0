import type { Attributes } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from '@jest/globals';
import { Metrics, type ServiceMeter } from './metrics.js';

const resource = resourceFromAttributes({ 'service.name': 'billing' });

/** OpenTelemetry's SDK, written the same way. */
function sdk(): { meter: ServiceMeter; text: () => Promise<string> } {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meters = new MeterProvider({ resource, readers: [reader] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return {
    meter: meters.getMeter('safelight'),
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}

/** The text of both after the same measurements. */
async function both(measure: (meter: ServiceMeter) => void): Promise<[string, string]> {
  const [ours, theirs] = [new Metrics(resource), sdk()];
  measure(ours);
  measure(theirs.meter);
  return [await ours.text(), await theirs.text()];
}

/** Two services of one kind, or two parts of a service: each names its instruments for itself. */
const twice = (measure: (meter: ServiceMeter) => void) => (meter: ServiceMeter) => {
  measure(meter);
  measure(meter);
};

it.each<[string, (meter: ServiceMeter) => void]>([
  ['nothing at all', () => undefined],
  ['instruments nobody used', (meter) => void meter.createCounter('unused')],
  [
    'counters, with and without labels, however ordered',
    twice((meter) => {
      const jobs = meter.createCounter('jobs.done', { description: 'Jobs\ndone', unit: '1' });
      jobs.add(3, { lane: 'batch', model: 'a "b" \\' });
      jobs.add(0.5, { model: 'a "b" \\', lane: 'batch' });
      jobs.add(1, { lane: 'batch' });
      jobs.add(2);
      jobs.add(-1);
      meter.createCounter('named_total').add(1, { n: 1, yes: true, list: ['a', 'b'] });
    }),
  ],
  [
    'histograms on and around their boundaries',
    twice((meter) => {
      const own = meter.createHistogram('wait', {
        unit: 's',
        advice: { explicitBucketBoundaries: [0.1, 1, 10] },
      });
      for (const value of [0, 0.1, 0.10001, 1, 9, 10, 11, -1]) own.record(value, { to: 'x' });
      const usual = meter.createHistogram('batch.duration');
      for (const value of [0, 5, 6, 10_000, 20_000]) usual.record(value);
    }),
  ],
  [
    'gauges, also those that take a while',
    (meter) => {
      const gauge = meter.createObservableGauge('leading', { description: '1 where it leads' });
      const dropped = () => {
        throw new Error('never called');
      };
      gauge.addCallback(dropped);
      gauge.removeCallback(dropped);
      gauge.addCallback((result) => result.observe(1, { pool: 'a' }));
      gauge.addCallback(async (result) => {
        await Promise.resolve();
        result.observe(-2.5, { pool: 'b' });
      });
    },
  ],
])('writes what OpenTelemetry would: %s', async (_, measure) => {
  const [ours, theirs] = await both(measure);
  expect(ours).toBe(theirs);
});

describe('metrics', () => {
  it('go on counting after they were read, and read a gauge anew', async () => {
    const metrics = new Metrics(resource);
    let level = 1;
    metrics.createObservableGauge('level').addCallback((result) => result.observe(level));
    const counter = metrics.createCounter('jobs');
    counter.add(1);
    expect(await metrics.text()).toMatch(/^level 1$[^]*^jobs_total 1$/m);
    counter.add(1);
    level = 7;
    expect(await metrics.text()).toMatch(/^level 7$[^]*^jobs_total 2$/m);
  });

  it('bound what a label of too many values costs', async () => {
    const count = (meter: ServiceMeter) => {
      const counter = meter.createCounter('jobs');
      for (let id = 0; id < 2_100; id += 1) counter.add(1, { id });
      counter.add(1, { id: 0 });
    };
    const [ours, theirs] = await both(count);
    expect(ours).toBe(theirs);
    expect(ours).toContain('jobs_total{otel_metric_overflow="true"} 101');
  });

  it('refuse one name for two kinds', () => {
    const metrics = new Metrics(resource);
    metrics.createCounter('jobs');
    expect(() => metrics.createHistogram('jobs')).toThrow('jobs is another kind of metric already');
  });

  it('keep lists of labels apart by what is in them', async () => {
    const metrics = new Metrics(resource);
    const counter = metrics.createCounter('jobs');
    const labels = (): Attributes => ({ engines: ['a', 'b'] });
    counter.add(1, labels());
    counter.add(1, labels());
    expect(await metrics.text()).toContain('jobs_total{engines="[\\"a\\",\\"b\\"]"} 2');
  });
});
