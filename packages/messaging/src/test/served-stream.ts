import { jetstreamManager } from '@nats-io/jetstream';
import { Controller, type Type } from '@nestjs/common';
import { deadLetterStream } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { Handles, type Delivery } from '../index.js';
import {
  publisherFor,
  startService,
  type TestService,
  type TestServiceOptions,
  type testStream,
} from './test-service.js';

export type Stream = ReturnType<typeof testStream>;
export type Handle = (data: { n: number }, delivery: Delivery) => unknown;

/** A controller with this handler for both events of the stream. */
function handledBy(stream: Stream, handle: Handle): Type {
  @Controller()
  class TestController {
    @Handles(stream.happened, stream.durable)
    happened(data: { n: number }, delivery: Delivery) {
      return handle(data, delivery);
    }

    @Handles(stream.ended, stream.durable)
    ended(data: { n: number }, delivery: Delivery) {
      return handle(data, delivery);
    }
  }
  return TestController;
}

/** A service that handles both events of the stream, and a publisher for it. */
export async function serveStream(
  url: string,
  stream: Stream,
  handle: Handle,
  more: Partial<TestServiceOptions> = {},
) {
  const service = await startService({
    url,
    controllers: [handledBy(stream, handle)],
    streams: [stream.topology],
    ...more,
  });
  return { service, publisher: publisherFor(service, stream.topology) };
}

/** Events that are not settled yet. */
export const pendingOf = async (service: TestService, { topology, durable }: Stream) => {
  const manager = await jetstreamManager(service.bus.nc);
  const info = await manager.consumers.info(topology.name, durable);
  return info.num_ack_pending + info.num_pending;
};

export const settledAll = (service: TestService, stream: Stream) =>
  eventually(async () => (await pendingOf(service, stream)) === 0);

/** The last dead letter of a durable, `null` while there is none. */
export async function deadLetterOf(service: TestService, durable: string) {
  const manager = await jetstreamManager(service.bus.nc);
  return manager.streams
    .getMessage(deadLetterStream.name, { last_by_subj: `safelight.dead.${durable}` })
    .catch(() => null);
}
