import { describe, expect, it } from '@jest/globals';
import type { ModelOffer } from '@safelight/contracts';
import { Roster, type Offer } from './roster.js';

const none: ReadonlySet<string> = new Set();

/** A worker of a pool with these models. */
const offer = (workerId: string, pool: string, ...names: string[]): Offer => ({
  ...{ workerId, incarnation: `${workerId}.1`, engine: 'e', pool, slots: 1, freeSlots: 1 },
  // The roster asks for nothing of a model but its name.
  models: names.map((name) => ({ name }) as ModelOffer),
  ...{ warm: [], leases: [], tags: [], gpu: null },
});
function rosterOf(...offers: Offer[]): Roster {
  const roster = new Roster();
  for (const each of offers) roster.hear(each, 0);
  return roster;
}

describe('a roster', () => {
  it('offers an account’s workers to others only as far as they are lent', () => {
    const roster = new Roster();
    roster.hear(offer('p1', 'p', 'm', 'n'), 0, undefined, {
      ...{ dedicated: true, unlent: new Set(['n']) },
    });
    const test = { model: 'm', sharedOnly: true };
    expect(roster.pick(test)).toBeUndefined();
    expect(roster.isServedBesides(test, [])).toBe(false);
    expect(roster.pick({ model: 'm' })?.workerId).toBe('p1');
    expect(roster.pick({ model: 'n' })).toBeUndefined();
    expect(roster.pick({ model: 'n', pool: 'p' })?.workerId).toBe('p1');
    roster.hear(offer('s1', 'shared', 'm'), 0);
    expect(roster.pick(test)?.workerId).toBe('s1');
  });

  it('offers a job only workers with the memory that it needs', () => {
    const gpu = (bytes: number) => ({ gpu: { name: 'g', vramBytes: bytes, freeVramBytes: 0 } });
    const roster = new Roster();
    roster.hear({ ...offer('w1', 'shared', 'm'), ...gpu(8) }, 0);
    expect(roster.pick({ model: 'm', vramBytes: 9 })).toBeUndefined();
    roster.hear({ ...offer('w2', 'shared', 'm'), ...gpu(16) }, 0);
    expect(roster.pick({ model: 'm', vramBytes: 9 })?.workerId).toBe('w2');
    expect(roster.pick({ model: 'm' })?.workerId).toBe('w1');
  });

  it('sends a job of a pool to no worker of another one', () => {
    const roster = rosterOf(offer('p1', 'p', 'm'), offer('s1', 'shared', 'm'));
    expect(roster.isServedBesides({ model: 'm', pool: 'p' }, ['p1'])).toBe(false);
    expect(roster.isServedBesides({ model: 'm' }, ['p1'])).toBe(true);
    roster.hear(offer('p2', 'p', 'm'), 0);
    expect(roster.isServedBesides({ model: 'm', pool: 'p' }, ['p1'])).toBe(true);
    roster.limit('p2', { excluded: none, quarantined: true });
    expect(roster.isServedBesides({ model: 'm', pool: 'p' }, ['p1'])).toBe(false);
  });

  it('spares a worker only where each of its models stays served in its pool', () => {
    const roster = rosterOf(offer('p1', 'p', 'm', 'n'), offer('p2', 'p', 'm'));
    roster.hear(offer('s1', 'shared', 'm', 'n'), 0);
    expect(['p1', 'p2', 's1'].map((each) => roster.isSparable(each))).toEqual([false, true, false]);
    // What it is kept from it is not missed for.
    roster.limit('p1', { excluded: new Set(['n']), quarantined: false });
    expect(roster.isSparable('p1')).toBe(true);
  });

  it('counts a model as served where somebody gets jobs of it', () => {
    const roster = rosterOf(offer('p1', 'p', 'm', 'n'));
    roster.limit('p1', { excluded: new Set(['n']), quarantined: false });
    expect(['m', 'n'].map((model) => roster.isServedIn('p', model))).toEqual([true, false]);
    roster.hear(offer('p1', 'p', 'm', 'n'), 9, { excluded: none, quarantined: true });
    expect([roster.isServedIn('p', 'm'), roster.lastOffered('m')]).toEqual([false, 0]);
  });
});
