import { Controller, type Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operation, publicEvent } from '@safelight/contracts';
import { startTelemetry } from '@safelight/telemetry';
import { testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { Answers, connectBus, Handles } from './index.js';
import { startService, testStream } from './test/test-service.js';

let nats: TestNats;
beforeAll(async () => {
  nats = await testNats();
});
afterAll(() => nats.stop());

const ping = operation('test.ping', z.object({}), z.object({}));
const stream = testStream();
const stranger = publicEvent('test.stranger', z.object({}));

@Controller()
class Ping {
  @Answers(ping)
  ping() {
    return {};
  }
}
@Controller()
class PingToo {
  @Answers(ping)
  ping() {
    return {};
  }
}
@Controller()
class HalfOfADurable {
  @Handles(stream.happened, stream.durable)
  happened() {
    return undefined;
  }
}
@Controller()
class TheSameAgain extends HalfOfADurable {}
@Controller()
class NotOfTheDurable {
  @Handles(stranger, stream.durable)
  stranger() {
    return undefined;
  }
}
@Controller()
class NoSuchDurable {
  @Handles(stream.happened, 'nobody')
  happened() {
    return undefined;
  }
}

describe('a service does not start when', () => {
  it.each<[string, Type[], string]>([
    ['two handlers answer one operation', [Ping, PingToo], `${ping.subject}: answered by two`],
    [
      'an event of its durable has no handler',
      [HalfOfADurable],
      `${stream.ended.subject}: durable ${stream.durable} has no handler`,
    ],
    [
      'an event has two handlers',
      [HalfOfADurable, TheSameAgain],
      `${stream.happened.subject}: handled twice`,
    ],
    [
      'it handles what its durable does not carry',
      [NotOfTheDurable],
      `${stranger.subject}: not an event of durable ${stream.durable}`,
    ],
    ['its durable is not in the topology', [NoSuchDurable], 'durable nobody: not in the topology'],
  ])('%s', async (_why, controllers, message) => {
    const start = startService({ url: nats.url, controllers, streams: [stream.topology] });
    await expect(start).rejects.toThrow(message);
  });
});

describe('connectBus', () => {
  it('says so when no server answers before the deadline', async () => {
    const { logger } = startTelemetry({ service: 'test', logLevel: 'silent' });
    const connecting = connectBus({
      url: 'nats://127.0.0.1:9',
      name: 'test',
      logger,
      connectDeadlineMs: 100,
    });
    await expect(connecting).rejects.toThrow();
  });
});
