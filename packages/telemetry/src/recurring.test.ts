import { describe, expect, it } from '@jest/globals';
import { Recurring } from './recurring.js';

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Resolves when it was called `count` times. */
function calls(count: number): { call: () => number; reached: Promise<void> } {
  let seen = 0;
  const { promise: reached, resolve: done } = signal();
  const call = () => {
    seen += 1;
    if (seen === count) done();
    return seen;
  };
  return { call, reached };
}

describe('Recurring', () => {
  it('goes on after a failure, and reports it', async () => {
    const failures: unknown[] = [];
    const { call, reached } = calls(3);
    const task = async () => {
      if (call() === 1) throw new Error('the first one fails');
    };
    const recurring = new Recurring(task, 1, (error) => failures.push(error));
    recurring.start();
    await reached;
    await recurring.close();
    expect(failures).toEqual([new Error('the first one fails')]);
  });

  it('waits for the running task when it is closed, and does not start another', async () => {
    const { promise, resolve: finish } = signal();
    let started = 0;
    let ended = 0;
    const task = async () => {
      started += 1;
      await promise;
      ended += 1;
    };
    const recurring = new Recurring(task, 1, () => undefined);
    recurring.start();
    const closed = recurring.close();
    finish();
    await closed;
    expect([started, ended]).toEqual([1, 1]);
  });
});
