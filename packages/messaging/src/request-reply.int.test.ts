import { Controller } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { micros, operation } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { testNats, type TestNats } from '@safelight/testing';
import { of } from 'rxjs';
import { z } from 'zod';
import {
  AnswerFault,
  Answers,
  currentMessageContext,
  Unavailable,
  type Delivery,
} from './index.js';
import { startService, type TestService } from './test/test-service.js';

const hold = operation(
  'test.hold',
  z.object({ who: z.string().min(1), amountMicros: micros }),
  z.object({ leftMicros: micros }),
);
const fail = operation('test.fail', z.object({}), z.object({}));
const lie = operation('test.lie', z.object({}), z.object({ truth: z.string() }));
const sleep = operation('test.sleep', z.object({}), z.object({}));
const observe = operation('test.observe', z.object({}), z.object({ n: z.int() }));
const nested = operation('test.nested', z.object({}), z.object({ leftMicros: micros }));
const nobody = operation('test.nobody', z.object({}), z.object({}));

let nats: TestNats;
let service: TestService;
const seen: Delivery[] = [];
let wake: () => void = () => undefined;

@Controller()
class TestController {
  @Answers(hold)
  hold({ who, amountMicros }: z.output<typeof hold.request>, delivery: Delivery) {
    seen.push(delivery);
    if (who === 'poor') throw new DomainError('credits.insufficient', { availableMicros: 7n });
    return { leftMicros: amountMicros - 1n };
  }

  @Answers(fail)
  async fail(): Promise<never> {
    throw new Error('the secret password is 1234');
  }

  @Answers(lie)
  lie() {
    return { truth: 42 };
  }

  @Answers(sleep)
  async sleep() {
    await new Promise<void>((resolve) => (wake = resolve));
    return {};
  }

  @Answers(observe)
  observe() {
    return of({ n: 1 }, { n: 2 });
  }

  @Answers(nested)
  async nested() {
    return service.client.request(hold, { who: 'nested', amountMicros: 5n });
  }
}

beforeAll(async () => {
  nats = await testNats();
  service = await startService({ url: nats.url, controllers: [TestController] });
});
afterAll(async () => {
  wake();
  await service.close();
  await nats.stop();
});

const refusalOf = async (asked: Promise<unknown>) => {
  const error = await asked.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DomainError);
  const { code, details } = error as DomainError;
  return { code, details };
};

describe('request and reply', () => {
  it('carries amounts as bigint, and the conversation', async () => {
    const context = { correlationId: 'job_1', causationId: 'command-9' };
    const amountMicros = 2n ** 53n + 2n;
    const reply = await service.client.request(hold, { who: 'rich', amountMicros }, { context });
    expect(reply).toEqual({ leftMicros: 2n ** 53n + 1n });
    const delivery = seen.at(-1)!;
    expect(delivery).toMatchObject({ subject: hold.subject, key: 'job_1', attempt: 1 });
    expect(delivery.context.correlationId).toBe('job_1');
    expect(delivery.context.causationId).toBe(delivery.messageId);
  });

  it('goes on with the conversation of the delivery being handled', async () => {
    const context = { correlationId: 'job_2', causationId: 'command-9' };
    await service.client.request(nested, {}, { context });
    expect(seen.at(-1)!.context.correlationId).toBe('job_2');
    expect(currentMessageContext()).toBeUndefined();
  });

  it('starts a conversation of its own otherwise', async () => {
    await service.client.request(hold, { who: 'rich', amountMicros: '5' });
    const { context, messageId } = seen.at(-1)!;
    expect(context.correlationId).toBe(messageId);
  });

  it('answers with the last value of an Observable', async () => {
    expect(await service.client.request(observe, {})).toEqual({ n: 2 });
  });

  it('gives a refusal to the asker with code and details', async () => {
    const asked = service.client.request(hold, { who: 'poor', amountMicros: 5n });
    expect(await refusalOf(asked)).toEqual({
      code: 'credits.insufficient',
      details: { availableMicros: '7' },
    });
  });

  it('refuses a payload that does not fit, and says where', async () => {
    const before = seen.length;
    const asked = service.client.request(hold, { who: '', amountMicros: 5n });
    expect(await refusalOf(asked)).toMatchObject({
      code: 'message.invalid',
      details: { pointer: '/who' },
    });
    const raw = await service.bus.nc.request(hold.subject, 'not { json', { timeout: 2_000 });
    expect(raw.json()).toMatchObject({
      refusal: { code: 'message.invalid', details: { pointer: '' } },
    });
    expect(seen).toHaveLength(before);
  });

  it('keeps a failure to the log', async () => {
    const asked = service.client.request(fail, {});
    await expect(asked).rejects.toBeInstanceOf(AnswerFault);
    await expect(asked).rejects.not.toThrow(/1234/);
    const line = service.logs.find(({ subject }) => subject === fail.subject);
    expect(JSON.stringify(line)).toContain('1234');
  });

  it('takes an answer outside its contract for a failure of the answerer', async () => {
    // @ts-expect-error the contract forbids it: that is the point
    const answer: z.input<typeof lie.reply> = { truth: 42 };
    expect(answer).toBeDefined();
    await expect(service.client.request(lie, {})).rejects.toBeInstanceOf(AnswerFault);
  });

  it('tells apart that nobody listens and that nobody answered in time', async () => {
    const unheard = service.client.request(nobody, {});
    await expect(unheard).rejects.toBeInstanceOf(Unavailable);
    await expect(unheard).rejects.toMatchObject({
      code: 'service.unavailable',
      subject: nobody.subject,
    });
    const slow = service.client.request(sleep, {}, { deadlineMs: 50 });
    await expect(slow).rejects.toMatchObject({ code: 'service.timeout', subject: sleep.subject });
    wake();
  });

  it('answers operations whose subject is only known at run time', async () => {
    const assign = operation(
      'worker.w1.assign',
      z.object({ n: z.int() }),
      z.object({ n: z.int() }),
    );
    service.server.answer(assign, ({ n }) => ({ n: n + 1 }));
    expect(await service.client.request(assign, { n: 1 })).toEqual({ n: 2 });
    expect(await service.telemetry.metricsText()).toContain('safelight.ask.worker.*.assign.v1');
  });

  it('shares requests among processes, each answered once', async () => {
    const before = seen.length;
    const second = await startService({ url: nats.url, controllers: [TestController] });
    const asked = Array.from({ length: 40 }, () =>
      service.client.request(hold, { who: 'rich', amountMicros: 5n }),
    );
    await Promise.all(asked);
    expect(seen.length - before).toBe(40);
    await second.close();
  });
});

describe('closing', () => {
  it('answers what it has begun before it lets go', async () => {
    const closing = await startService({
      url: nats.url,
      service: 'closing',
      controllers: [],
    });
    const slow = operation('test.closing', z.object({}), z.object({ done: z.boolean() }));
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    closing.server.answer(slow, async () => {
      begin();
      await gate;
      return { done: true };
    });
    await closing.bus.nc.flush();
    const asked = service.client.request(slow, {});
    await begun;
    const closed = closing.close();
    finish();
    expect(await asked).toEqual({ done: true });
    await closed;
    await expect(service.client.request(slow, {})).rejects.toMatchObject({
      code: 'service.unavailable',
    });
  });
});
