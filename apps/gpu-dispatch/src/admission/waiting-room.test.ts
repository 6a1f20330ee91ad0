import { describe, expect, it } from '@jest/globals';
import { WaitingRoom } from './waiting-room.js';

const room = () => new WaitingRoom<string>();
function turnAway(place: WaitingRoom<string>, accountId: string, dueMs: number, kind = 'k') {
  const order = place.nextPlace(accountId);
  if (order === undefined) return undefined;
  const invitation = { accountId, kind, order, dueMs, job: `${accountId} ${dueMs}` };
  place.invite(invitation);
  return invitation;
}

describe('those who were turned away', () => {
  it('get their place when they come at the time that they were told, and only once', () => {
    const place = room();
    const kept = turnAway(place, 'a', 10_000);
    expect(place.claim({ accountId: 'a', kind: 'k' }, 5_000)).toBeUndefined();
    expect(place.claim({ accountId: 'b', kind: 'k' }, 10_000)).toBeUndefined();
    expect(place.claim({ accountId: 'a', kind: 'other' }, 10_000)).toBeUndefined();
    expect(place.claim({ accountId: 'a', kind: 'k' }, 9_500)).toEqual(kept);
    expect(place.claim({ accountId: 'a', kind: 'k' }, 10_000)).toBeUndefined();
    expect(place.size).toBe(0);
  });

  it('keep their order when they are turned away again', () => {
    const place = room();
    const [first, second] = [turnAway(place, 'a', 1_000), turnAway(place, 'a', 2_000)];
    const claimed = place.claim({ accountId: 'a', kind: 'k' }, 2_000)!;
    expect(claimed).toEqual(first);
    place.invite({ ...claimed, dueMs: 4_000 });
    expect([...place.expected()].map(({ order }) => order)).toEqual([first!.order, second!.order]);
    expect(place.claim({ accountId: 'a', kind: 'k' }, 2_000)).toEqual(second);
  });

  it('lose it when they do not come', () => {
    const place = room();
    turnAway(place, 'a', 1_000);
    turnAway(place, 'b', 20_000);
    place.forgetThoseLate(16_000);
    expect(place.size).toBe(2);
    place.forgetThoseLate(16_001);
    expect([...place.expected()].map(({ accountId }) => accountId)).toEqual(['b']);
    expect(place.size).toBe(1);
  });

  it('have no more than their share of places', () => {
    const place = room();
    for (let asked = 0; asked < 1_000; asked += 1) turnAway(place, 'a', asked);
    expect(place.size).toBe(256);
    expect(turnAway(place, 'b', 1)).toBeDefined();
  });
});
