import { parentPort } from 'node:worker_threads';
import { Painting } from './atelier/painting.js';
import { Film, framesOf } from './cinema/film.js';
import { fastStart, Reel } from './cinema/reel.js';
import { swappedFilm } from './faces/swapped-film.js';
import { SwappedPicture } from './faces/swapped-picture.js';
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

function workOf(task: Exclude<Task, FilmTask | SwapTask>): Work {
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
    case 'swap':
      return new SwappedPicture(task.picture, task.face);
  }
}

type FilmTask = Extract<Task, { kind: 'film' }>;
type SwapTask = Extract<Task, { kind: 'swap-film' }>;

const stopped = (stop: Int32Array): boolean => Atomics.load(stop, 0) === 1;

async function film(task: FilmTask, { id, stop }: PaintOrder): Promise<void> {
  const { commission, plan, picture } = task;
  const { width, height } = commission;
  const reel = await Reel.open({ width, height, fps: plan.fps });
  let complete = false;
  try {
    const work = new Film(commission, plan, reel, picture);
    while (!complete && !stopped(stop)) {
      const done = work.pass();
      report({ type: 'pass', id, done, steps: work.steps });
      complete = done === work.steps;
    }
  } finally {
    // Only this frees what the encoder holds.
    if (!complete) reel.close();
  }
  if (!complete) {
    report({ type: 'stopped', id });
    return;
  }
  const mp4 = await fastStart(reel.close(), plan.fps);
  report({
    type: 'filmed',
    id,
    footage: { mp4, width, height, seconds: framesOf(plan) / plan.fps },
  });
}

async function swap(task: SwapTask, { id, stop }: PaintOrder): Promise<void> {
  const footage = await swappedFilm(task, {
    onFrame: (done, steps) => report({ type: 'pass', id, done, steps }),
    isStopped: () => stopped(stop),
  });
  report(footage ? { type: 'filmed', id, footage } : { type: 'stopped', id });
}

async function make(order: PaintOrder): Promise<void> {
  const { id, task, stop } = order;
  if (stopped(stop)) {
    report({ type: 'stopped', id });
    return;
  }
  if (task.kind === 'film') return film(task, order);
  if (task.kind === 'swap-film') return swap(task, order);
  const work = workOf(task);
  while (!stopped(stop)) {
    const done = work.pass();
    report({ type: 'pass', id, done, steps: work.steps });
    if (done < work.steps) continue;
    // Copied, not transferred: once a thread has given a buffer away, V8 checks every typed
    // array for it at each access, and painting takes two to four times as long.
    const picture = work.finish();
    report({ type: 'painted', id, picture });
    return;
  }
  report({ type: 'stopped', id });
}

function broke(id: number, error: unknown): void {
  if (error instanceof TaskRefused) {
    report({ type: 'refused', id, code: error.code, message: error.message });
    return;
  }
  report({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
}

port?.on('message', (order: PaintOrder) => {
  make(order).catch((error: unknown) => broke(order.id, error));
});
