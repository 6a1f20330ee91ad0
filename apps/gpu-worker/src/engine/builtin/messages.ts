import type { Commission } from './atelier/painting.js';

/** What the engine sends to its painting thread. */
export interface PaintOrder {
  id: number;
  commission: Commission;
  /** One shared integer: 1 means stop before the next pass. */
  stop: Int32Array;
}

/** What the thread answers. */
export type PaintReport =
  | { type: 'pass'; id: number; done: number }
  | { type: 'painted'; id: number; rgb: Uint8Array }
  | { type: 'stopped'; id: number }
  | { type: 'failed'; id: number; message: string };
