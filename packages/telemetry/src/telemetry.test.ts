import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from '@jest/globals';
import { NestLogger, startTelemetry, traced, traceparentOf, withLogFields } from './index.js';

function collected(service = 'billing') {
  const lines: Record<string, unknown>[] = [];
  const spanExporter = new InMemorySpanExporter();
  const logDestination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  const telemetry = startTelemetry({ service, logLevel: 'debug', logDestination, spanExporter });
  return { telemetry, lines, spans: () => spanExporter.getFinishedSpans(), spanExporter };
}

const kind = SpanKind.INTERNAL;
const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traced', () => {
  it('makes its span the parent of those within, across awaits', async () => {
    const { telemetry, spans } = collected();
    await traced(telemetry, 'outer', { kind }, async (outer) => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(trace.getSpan(context.active())).toBe(outer);
      await traced(telemetry, 'inner', { kind }, async () => undefined);
    });
    const [inner, outer] = spans();
    expect(inner!.parentSpanContext?.spanId).toBe(outer!.spanContext().spanId);
    expect(outer!.resource.attributes['service.name']).toBe('billing');
  });

  it('takes a parent and links from elsewhere', async () => {
    const { telemetry, spans } = collected();
    const options = { kind, parent: REMOTE, links: [REMOTE, 'nonsense'] };
    await traced(telemetry, 'work', options, async () => undefined);
    const [span] = spans();
    expect(span!.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span!.parentSpanContext).toMatchObject({ spanId: 'b7ad6b7169203331', isRemote: true });
    expect(span!.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
  });

  it('records a failure and passes it on', async () => {
    const { telemetry, spans } = collected();
    const failing = traced(telemetry, 'work', { kind }, async () => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(spans()[0]!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broken' });
    expect(spans()[0]!.events[0]!.name).toBe('exception');
  });
});

describe('without anybody to collect spans', () => {
  it('still has one trace id from end to end, and records nothing', async () => {
    const telemetry = startTelemetry({ service: 'quiet', logLevel: 'silent' });
    await traced(telemetry, 'outer', { kind, parent: REMOTE }, async (outer) => {
      expect(outer.isRecording()).toBe(false);
      expect(traceparentOf()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
      expect(traceparentOf()).not.toContain('b7ad6b7169203331');
    });
    const ids = await Promise.all(
      Array.from({ length: 5_000 }, () =>
        traced(telemetry, 'root', { kind }, async () => traceparentOf()),
      ),
    );
    expect(new Set(ids.map((id) => id?.slice(0, 35))).size).toBe(5_000);
    expect(new Set(ids.map((id) => id?.slice(36, 52))).size).toBe(5_000);
    ids.forEach((id) => expect(id).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/));
    telemetry.tracer.startActiveSpan('active', (span) => {
      expect(trace.getSpan(context.active())).toBe(span);
    });
  });
});

describe('a log line', () => {
  it('names service, trace, span and bound fields', async () => {
    const { telemetry, lines, spans } = collected();
    await traced(telemetry, 'work', { kind }, () =>
      withLogFields({ job_id: 'job_1' }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        withLogFields({ attempt: 2 }, () => telemetry.logger.info({ extra: true }, 'hello'));
        telemetry.logger.warn('again');
      }),
    );
    const { traceId, spanId } = spans()[0]!.spanContext();
    const common = { service: 'billing', trace_id: traceId, span_id: spanId, job_id: 'job_1' };
    expect(lines[0]).toMatchObject({
      ...common,
      level: 'info',
      msg: 'hello',
      extra: true,
      attempt: 2,
    });
    expect(lines[1]).toMatchObject({ ...common, level: 'warn', msg: 'again' });
    expect(lines[1]).not.toHaveProperty('attempt');
    telemetry.logger.info('outside');
    expect(lines[2]).not.toHaveProperty('trace_id');
    expect(lines[2]).not.toHaveProperty('job_id');
  });

  it("carries Nest's messages with their origin", () => {
    const { telemetry, lines } = collected();
    const logger = new NestLogger(telemetry);
    logger.log('started', 'NestFactory');
    logger.error('failed', 'Error: failed\n  at x', 'Injector');
    logger.error(new Error('thrown'));
    expect(lines[0]).toMatchObject({ level: 'debug', msg: 'started', nest: 'NestFactory' });
    expect(lines[1]).toMatchObject({ level: 'error', msg: 'failed', nest: 'Injector' });
    expect(lines[1]!['stack']).toContain('at x');
    expect(lines[2]).toMatchObject({ msg: 'thrown', err: { message: 'thrown' } });
  });
});

describe('several services in one process', () => {
  it('keep their metrics apart, and share a span exporter that outlives each of them', async () => {
    const first = collected('first');
    const second = startTelemetry({
      service: 'second',
      logLevel: 'silent',
      spanExporter: first.spanExporter,
    });
    first.telemetry.meter.createCounter('jobs', { description: 'Jobs' }).add(3, { lane: 'batch' });
    expect(await first.telemetry.metricsText()).toMatch(/^jobs_total\{lane="batch"\} 3$/m);
    expect(await second.metricsText()).not.toContain('jobs_total');
    await first.telemetry.shutdown();
    await traced(second, 'late', { kind }, async () => undefined);
    expect(first.spans().map((span) => span.name)).toEqual(['late']);
  });
});
