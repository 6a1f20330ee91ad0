import type { Picture } from './picture.js';
import type { Footage, Task } from './tasks.js';

/** What the engine sends to its painting thread. */
export interface PaintOrder {
  id: number;
  task: Task;
  /** One shared integer: 1 means stop before the next pass. */
  stop: Int32Array;
}

/** What the thread answers. */
export type PaintReport =
  | { type: 'pass'; id: number; done: number; steps: number }
  | { type: 'painted'; id: number; picture: Picture }
  | { type: 'filmed'; id: number; footage: Footage }
  | { type: 'stopped'; id: number }
  | { type: 'refused'; id: number; code: string; message: string }
  | { type: 'failed'; id: number; message: string };
