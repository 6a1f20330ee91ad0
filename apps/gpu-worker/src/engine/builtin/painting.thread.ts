import { parentPort } from 'node:worker_threads';
import { Painting } from './atelier/painting.js';
import type { PaintOrder, PaintReport } from './messages.js';

// Entry of the painting thread. One order at a time; the stop flag is shared memory,
// because a message could not reach a thread that is busy painting.
const port = parentPort;
const report = (message: PaintReport): void => port?.postMessage(message);

function paint({ id, commission, stop }: PaintOrder): void {
  const stopped = (): boolean => Atomics.load(stop, 0) === 1;
  if (stopped()) {
    report({ type: 'stopped', id });
    return;
  }
  const painting = new Painting(commission);
  while (!stopped()) {
    const done = painting.pass();
    report({ type: 'pass', id, done });
    if (done < painting.steps) continue;
    // Copied, not transferred: once a thread has given a buffer away, V8 checks every typed
    // array for it at each access, and painting takes two to four times as long.
    const rgb = painting.finish();
    report({ type: 'painted', id, rgb });
    return;
  }
  report({ type: 'stopped', id });
}

port?.on('message', (order: PaintOrder) => {
  try {
    paint(order);
  } catch (error) {
    report({
      type: 'failed',
      id: order.id,
      message: error instanceof Error ? error.message : String(error),
    });
  }
});
