import type { Brush } from '../atelier/drawing/brush.js';
import type { Lighting } from './luma.js';
import type { Mesh } from './mesh.js';
import type { Moment } from './motion.js';

/** What is filmed: draws itself into a frame at a moment, and says how it is lit then. */
export interface Filmed {
  /** @param time 0 at the first frame, 1 at the last */
  moment(seconds: number, time: number): Moment;
  draw(frame: Frame, moment: Moment): void;
  lighting(moment: Moment): Lighting;
}

export interface Frame {
  readonly mesh: Mesh;
  readonly brush: Brush;
}
