import { SpanKind } from '@opentelemetry/api';
import { Controller } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operation } from '@safelight/contracts';
import { eventually, testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { Answers, Handles, type Delivery } from './index.js';
import {
  outgoing,
  publisherFor,
  startService,
  testStream,
  type SpanExporter,
  type TestService,
} from './test/test-service.js';

type Spans = Parameters<SpanExporter['export']>[0];

const submit = operation('test.submit', z.object({}), z.object({ traceparent: z.string() }));
const stream = testStream();
const SUCCESS: Parameters<Parameters<SpanExporter['export']>[1]>[0] = JSON.parse('{"code":0}');
const spans: Spans = [];
const spanExporter: SpanExporter = {
  export: (ended, done) => {
    spans.push(...ended);
    done(SUCCESS);
  },
  shutdown: async () => undefined,
};
let nats: TestNats;
let service: TestService;

@Controller()
class TestController {
  @Answers(submit)
  submit(_request: object, { context }: Delivery) {
    service.telemetry.logger.info('answering');
    return { traceparent: context.traceparent ?? '' };
  }

  @Handles(stream.happened, stream.durable)
  happened() {
    service.telemetry.logger.info('handling');
  }

  @Handles(stream.ended, stream.durable)
  ended(): never {
    throw new Error('broken');
  }
}

beforeAll(async () => {
  nats = await testNats();
  service = await startService({
    url: nats.url,
    controllers: [TestController],
    streams: [stream.topology],
    spanExporter,
  });
});
afterAll(async () => {
  await service.close();
  await nats.stop();
});

const spanNamed = (name: string) => eventually(() => spans.find((span) => span.name === name));

describe('a trace', () => {
  it('goes from the asker through the answer to the handling of the event', async () => {
    const context = { correlationId: 'job_7', causationId: 'c' };
    const { traceparent } = await service.client.request(submit, {}, { context });
    const publisher = publisherFor(service, stream.topology);
    const event = outgoing(stream.happened.subject, 7);
    await publisher.publish([{ ...event, context: { ...event.context, traceparent } }]);
    const ask = await spanNamed(`ask ${submit.subject}`);
    const answer = await spanNamed(`answer ${submit.subject}`);
    const process = await spanNamed(`process ${stream.happened.subject}`);
    const send = await spanNamed(`send ${stream.topology.name}`);
    expect([ask, answer, process, send].map(({ kind }) => kind)).toEqual([
      SpanKind.CLIENT,
      SpanKind.SERVER,
      SpanKind.CONSUMER,
      SpanKind.PRODUCER,
    ]);
    expect(answer.parentSpanContext?.spanId).toBe(ask.spanContext().spanId);
    expect(process.parentSpanContext?.spanId).toBe(answer.spanContext().spanId);
    expect(process.spanContext().traceId).toBe(ask.spanContext().traceId);
    expect(process.attributes).toEqual({
      'messaging.system': 'nats',
      'messaging.destination.name': stream.happened.subject,
      'messaging.message.id': `${stream.happened.subject}-7`,
      'safelight.job_id': 'job_7',
    });
    const line = await eventually(() => service.logs.find(({ msg }) => msg === 'handling'));
    expect(line).toMatchObject({
      job_id: 'job_7',
      trace_id: process.spanContext().traceId,
      span_id: process.spanContext().spanId,
    });
  });

  it('shows what failed', async () => {
    await publisherFor(service, stream.topology).publish([outgoing(stream.ended.subject, 8)]);
    const process = await spanNamed(`process ${stream.ended.subject}`);
    expect(process.status).toMatchObject({ code: 2, message: 'broken' });
    expect(process.events.map(({ name }) => name)).toContain('exception');
  });
});
