import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IndexedHeap } from './indexed-heap.js';

const key = fc.integer({ min: 0, max: 20 });
const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, rank: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
);

describe('IndexedHeap', () => {
  it('has the lowest rank on top and knows its keys, like a plain map does', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const heap = new IndexedHeap<number, number>((a, b) => a < b);
        const model = new Map<number, number>();
        for (const step of changes) {
          if (step.kind === 'set') {
            heap.set(step.key, step.rank);
            model.set(step.key, step.rank);
          } else {
            expect(heap.delete(step.key)).toBe(model.delete(step.key));
          }
          expect(heap.size).toBe(model.size);
          expect(heap.peek()?.rank).toBe(
            model.size === 0 ? undefined : Math.min(...model.values()),
          );
        }
        const drained: number[] = [];
        for (let top = heap.peek(); top !== undefined; top = heap.peek()) {
          expect(model.get(top.key)).toBe(top.rank);
          drained.push(top.rank);
          heap.delete(top.key);
        }
        expect(drained).toEqual([...model.values()].sort((a, b) => a - b));
      }),
    );
  });
});
