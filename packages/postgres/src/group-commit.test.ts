import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';

/** Batches that wait until the test lets them go. */
function gated() {
  const batches: { units: readonly string[]; finish: () => void; fail: (error: Error) => void }[] =
    [];
  const arrivals: (() => void)[] = [];
  const run = (units: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const finish = () => resolve(units.map((unit) => unit.toUpperCase()));
      batches.push({ units, finish, fail: reject });
      arrivals.shift()?.();
    });
  /** The batch with this number, as soon as it has begun. */
  const batch = async (number: number) => {
    while (!batches[number]) await new Promise<void>((resolve) => arrivals.push(resolve));
    return batches[number];
  };
  return { run, batch, batches };
}

describe('group commit', () => {
  it('puts what arrives during a batch into the next, one batch at a time', async () => {
    const { run, batch, batches } = gated();
    const group = new GroupCommit({ run });
    const first = group.submit('a');
    const begun = await batch(0);
    const rest = ['b', 'c', 'd'].map((unit) => group.submit(unit));
    expect(batches).toHaveLength(1);
    begun.finish();
    expect(await first).toBe('A');
    const second = await batch(1);
    expect(second.units).toEqual(['b', 'c', 'd']);
    second.finish();
    expect(await Promise.all(rest)).toEqual(['B', 'C', 'D']);
  });

  it('never exceeds its largest batch and keeps the order', async () => {
    const sizes: number[] = [];
    const group = new GroupCommit<number, number>({
      maxBatch: 10,
      run: async (units) => {
        sizes.push(units.length);
        return units.map((unit) => unit * 2);
      },
    });
    const answers = Array.from({ length: 25 }, (_, unit) => group.submit(unit));
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 25 }, (_, unit) => unit * 2));
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('keeps to its pace while it is busy, in larger batches', async () => {
    const begun: { atMs: number; units: number }[] = [];
    const run = async (units: readonly number[]) => {
      begun.push({ atMs: performance.now(), units: units.length });
      return units;
    };
    const group = new GroupCommit<number, number>({ paceMs: 40, run });
    await group.submit(1);
    await Promise.all([2, 3, 4].map((unit) => group.submit(unit)));
    const [first, second] = begun.map(({ atMs }) => atMs);
    expect(begun.map(({ units }) => units)).toEqual([1, 3]);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(38);
  });

  it('lets nobody wait for its pace while it is idle, or when a batch is full', async () => {
    const run = async (units: readonly number[]) => units;
    const group = new GroupCommit<number, number>({ paceMs: 600_000, maxBatch: 2, run });
    expect(await group.submit(1)).toBe(1);
    expect(await Promise.all([group.submit(2), group.submit(3)])).toEqual([2, 3]);
  });

  it('rejects every unit of a failed batch, and goes on with the next', async () => {
    const { run, batch } = gated();
    const group = new GroupCommit({ run });
    const failing = Promise.allSettled([group.submit('a'), group.submit('b')]);
    (await batch(0)).fail(new Error('no'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = group.submit('c');
    (await batch(1)).finish();
    expect(await next).toBe('C');
  });

  it('rejects a batch that did not answer everybody', async () => {
    const group = new GroupCommit<string, string>({ run: async () => ['only one'] });
    const settled = await Promise.allSettled([group.submit('a'), group.submit('b')]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('drains', async () => {
    const { run, batch } = gated();
    const group = new GroupCommit({ run });
    await group.drain();
    let answered = false;
    const submitted = group.submit('a').then(() => (answered = true));
    const begun = await batch(0);
    const drained = group.drain();
    begun.finish();
    await drained;
    await submitted;
    expect(answered).toBe(true);
  });
});
