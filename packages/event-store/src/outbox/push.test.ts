import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { beginning } from '../reading/cursor.js';
import { context, happened } from '../test/recorded-examples.js';
import { RecordingBus } from '../test/recording-bus.js';
import { Mailing } from './mailing.js';
import type { OutboxMessage, OutboxPublisher } from './outbox.js';
import { Push } from './push.js';

const eventAt = (position: number): RecordedEvent => ({
  eventId: `event-${position}`,
  streamId: 'job-1',
  version: position,
  position: BigInt(position),
  transactionId: BigInt(100 + position),
  commandId: `command-${position}`,
  schemaVersion: 1,
  recordedAt: new Date(0),
  context,
  event: happened('it'),
});
const events = (...positions: number[]) => positions.map(eventAt);

const toPublic = ({ eventId, streamId, recordedAt }: RecordedEvent): OutboxMessage => {
  return { id: eventId, subject: 's', key: streamId, data: {}, recordedAt, context };
};

function pushTo(publisher: OutboxPublisher) {
  const troubles: (Error | undefined)[] = [];
  const push = new Push(
    new Mailing(toPublic, publisher, { published: undefined, rewound: undefined }),
    (error) => troubles.push(error),
  );
  return { push, troubles };
}

/** A push that publishes at once, on a bus in memory. */
function livePush() {
  const bus = new RecordingBus();
  const { push, troubles } = pushTo(bus);
  push.hold();
  push.resume(beginning);
  return { bus, push, troubles, ids: () => bus.sent.map(({ id }) => id) };
}

describe('the push', () => {
  it('waits until the reader has passed what was left out before', async () => {
    const { bus, push, ids } = livePush();
    push.rest();
    push.accept(events(1, 2));
    push.hold();
    push.accept(events(3));
    push.resume(eventAt(1));
    await push.settle();
    expect([push.live, bus.sent.length, push.isPending('event-3')]).toEqual([false, 0, true]);
    push.resume(eventAt(2));
    await push.settle();
    expect([push.live, ids(), push.isPending('event-3')]).toEqual([true, ['event-3'], false]);
    expect(push.known.has('event-3')).toBe(true);
  });

  it('leaves everything later out after a failure, even when the bus is well again', async () => {
    const { bus, push, troubles, ids } = livePush();
    bus.outage = new Error('nobody there');
    push.accept(events(1));
    await push.settle();
    bus.outage = undefined;
    push.accept(events(2));
    await push.settle();
    expect([ids(), push.live, troubles.length]).toEqual([[], false, 1]);
    expect([push.known.has('event-1'), push.isPending('event-1')]).toEqual([false, false]);
    push.hold();
    push.resume(eventAt(1));
    expect(push.live).toBe(false);
    push.resume(eventAt(2));
    expect(push.live).toBe(true);
  });

  it('leaves out what waits behind a batch that fails', async () => {
    const answer = Promise.withResolvers<readonly { error: Error }[]>();
    const sent: string[] = [];
    const { push } = pushTo({
      publish: (messages) => {
        sent.push(...messages.map(({ id }) => id));
        return answer.promise;
      },
      status: () => Promise.reject(new Error('not asked')),
    });
    push.hold();
    push.resume(beginning);
    push.accept(events(1));
    push.accept(events(2, 3));
    answer.resolve([{ error: new Error('too large') }]);
    await push.settle();
    expect(sent).toEqual(['event-1']);
    expect(push.isPending('event-3')).toBe(false);
    push.hold();
    push.resume(eventAt(2));
    expect(push.live).toBe(false);
  });

  it('counts nothing as published that was acknowledged before JetStream lost its data', async () => {
    const { push, bus } = livePush();
    push.accept(events(1));
    await push.settle();
    push.forget(eventAt(1), 0);
    expect([push.known.size, push.lastSequence]).toEqual([0, 0]);
    bus.wipe();
    push.hold();
    push.resume(eventAt(1));
    push.accept(events(2));
    // The acknowledgement is on its way while the loss is found out.
    push.forget(eventAt(2), 0);
    await push.settle();
    expect([push.known.size, push.lastSequence]).toEqual([0, 0]);
  });

  it('hands over to the reader when far too much waits, and says so', async () => {
    const { push, troubles } = livePush();
    push.rest();
    push.hold();
    push.accept(Array.from({ length: 20_001 }, (_, index) => eventAt(index + 1)));
    expect([push.isPending('event-1'), troubles]).toEqual([false, [undefined]]);
    push.hold();
    push.resume(eventAt(20_000));
    expect(push.live).toBe(false);
  });

  it('publishes nothing any more once it is closed', async () => {
    const { push, bus } = livePush();
    push.close();
    push.accept(events(1));
    push.hold();
    push.resume(eventAt(9));
    push.accept(events(2));
    await push.settle();
    expect(bus.sent).toEqual([]);
  });
});
