import { parentPort } from 'node:worker_threads';
import { Painting } from './atelier/painting.js';
import { Enlargement } from './enlarge/enlargement.js';
import type { PaintOrder, PaintReport } from './messages.js';
import { opaque } from './picture.js';
import { Repaint } from './retouch/repaint.js';
import { Rework } from './retouch/rework.js';
import { type Task, TaskRefused, type Work } from './tasks.js';

// Entry of the painting thread. One order at a time; the stop flag is shared memory,
// because a message could not reach a thread that is busy painting.
const port = parentPort;
const report = (message: PaintReport): void => port?.postMessage(message);

function workOf(task: Task): Work {
  switch (task.kind) {
    case 'paint': {
      const { width, height } = task.commission;
      const painting = new Painting(task.commission);
      return {
        steps: painting.steps,
        pass: () => painting.pass(),
        finish: () => opaque(painting.finish(), width, height),
      };
    }
    case 'rework':
      return new Rework(task.commission, task.picture, task.strength);
    case 'repaint':
      return new Repaint(task.commission, task.picture, task.region, task.strength);
    case 'enlarge':
      return new Enlargement(task.picture, task.enlarged, task.scale, task.steps);
  }
}

function paint({ id, task, stop }: PaintOrder): void {
  const stopped = (): boolean => Atomics.load(stop, 0) === 1;
  if (stopped()) {
    report({ type: 'stopped', id });
    return;
  }
  const work = workOf(task);
  while (!stopped()) {
    const done = work.pass();
    report({ type: 'pass', id, done });
    if (done < work.steps) continue;
    // Copied, not transferred: once a thread has given a buffer away, V8 checks every typed
    // array for it at each access, and painting takes two to four times as long.
    const picture = work.finish();
    report({ type: 'painted', id, picture });
    return;
  }
  report({ type: 'stopped', id });
}

port?.on('message', (order: PaintOrder) => {
  try {
    paint(order);
  } catch (error) {
    if (error instanceof TaskRefused) {
      report({ type: 'refused', id: order.id, code: error.code, message: error.message });
      return;
    }
    report({
      type: 'failed',
      id: order.id,
      message: error instanceof Error ? error.message : String(error),
    });
  }
});
