import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { beginning } from '../reading/cursor.js';
import { context, happened } from '../test/recorded-examples.js';
import { RecordingBus } from '../test/recording-bus.js';
import { Acknowledged } from './acknowledged.js';
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
  const mailing = new Mailing(toPublic, publisher, { published: undefined, rewound: undefined });
  mailing.acknowledged = new Acknowledged();
  const push = new Push(mailing, (error) => troubles.push(error));
  const known = (position: bigint) => mailing.acknowledged?.events.has(position);
  return { push, mailing, known, troubles };
}

/** A push that publishes at once, on a bus in memory. */
function livePush() {
  const bus = new RecordingBus();
  const parts = pushTo(bus);
  parts.push.hold();
  parts.push.resume(beginning);
  return { ...parts, bus, ids: () => bus.sent.map(({ id }) => id) };
}

describe('the push', () => {
  it('waits until the reader has passed what was left out before', async () => {
    const { bus, push, known, ids } = livePush();
    push.rest();
    push.accept(events(1, 2));
    push.hold();
    push.accept(events(3));
    push.resume(eventAt(1));
    await push.settle();
    expect([push.live, bus.sent.length, push.isPending(3n)]).toEqual([false, 0, true]);
    push.resume(eventAt(2));
    await push.settle();
    expect([push.live, ids(), push.isPending(3n)]).toEqual([true, ['event-3'], false]);
    expect(known(3n)).toBe(true);
  });

  it('leaves everything later out after a failure, even when the bus is well again', async () => {
    const { bus, push, known, troubles, ids } = livePush();
    bus.outage = new Error('nobody there');
    push.accept(events(1));
    await push.settle();
    bus.outage = undefined;
    push.accept(events(2));
    await push.settle();
    expect([ids(), push.live, troubles.length]).toEqual([[], false, 1]);
    expect([known(1n), push.isPending(1n)]).toEqual([false, false]);
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
      idAt: () => Promise.reject(new Error('not asked')),
    });
    push.hold();
    push.resume(beginning);
    push.accept(events(1));
    push.accept(events(2, 3));
    answer.resolve([{ error: new Error('too large') }]);
    await push.settle();
    expect(sent).toEqual(['event-1']);
    expect(push.isPending(3n)).toBe(false);
    push.hold();
    push.resume(eventAt(2));
    expect(push.live).toBe(false);
  });

  it('notes what is on its way where a loss that is found meanwhile makes it count no more', async () => {
    const { push, mailing, known } = livePush();
    const before = mailing.acknowledged;
    push.accept(events(1));
    mailing.acknowledged = new Acknowledged();
    await push.settle();
    expect([known(1n), before?.events.has(1n)]).toEqual([false, true]);
    expect(mailing.acknowledged.anchor.sequence).toBe(0);
  });

  it('calls for the reader when JetStream gives a sequence a second time', async () => {
    const { push, bus, troubles } = livePush();
    push.accept(events(1, 2));
    await push.settle();
    bus.loseTail(1);
    push.accept(events(3));
    await push.settle();
    expect(troubles).toEqual([undefined]);
  });

  it('sees no loss in the old place of a message that another process had published', async () => {
    const { push, bus, known, mailing, troubles } = livePush();
    const [first] = events(1);
    await bus.publish([toPublic(first!)]);
    push.accept(events(2));
    await push.settle();
    push.accept(events(1));
    await push.settle();
    expect(troubles).toEqual([]);
    expect([known(1n), mailing.acknowledged?.anchor]).toEqual([
      true,
      { sequence: 2, id: 'event-2' },
    ]);
  });

  it('remembers nothing while another process is the reader', async () => {
    const { push, bus, mailing, troubles, ids } = livePush();
    mailing.acknowledged = undefined;
    push.accept(events(1, 2));
    await push.settle();
    bus.loseTail(2);
    push.accept(events(3));
    await push.settle();
    expect([ids(), troubles]).toEqual([['event-1', 'event-2', 'event-3'], []]);
    expect(push.oldestPending).toBeUndefined();
  });

  it('hands over to the reader when far too much waits, and says so', async () => {
    const { push, troubles } = livePush();
    push.rest();
    push.hold();
    push.accept(Array.from({ length: 20_001 }, (_, index) => eventAt(index + 1)));
    expect([push.isPending(1n), troubles]).toEqual([false, [undefined]]);
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
