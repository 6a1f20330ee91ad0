import { parentPort } from 'node:worker_threads';
import type { Answer } from './order-thread.js';

/** Makes this thread one that carries out orders. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what comes in is what its other half sends
export function carryOut<Order>(carriedOut: (order: Order) => Promise<unknown>): void {
  const answer = (what: Answer) => parentPort?.postMessage(what);
  parentPort?.on('message', (order: Order & { readonly number: number }) => {
    const { number } = order;
    carriedOut(order).then(
      (result) => answer({ number, result }),
      (error: unknown) =>
        answer({ number, fault: error instanceof Error ? error.message : String(error) }),
    );
  });
}
