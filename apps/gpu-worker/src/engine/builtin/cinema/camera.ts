import type { Random } from '../atelier/drawing/random.js';

/** Where the camera looks: shares of the room that the layers leave at each side, and its zoom. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The camera's view at a time, 0 at the first frame and 1 at the last. */
export type Camera = (time: number) => View;

const STILL: View = { x: 0, y: 0, zoom: 1 };
const CLOSEST = 1.12;

/** A slow move over a painted scene: in, out, along or up; `side` -1 or 1 is where its hero stands. */
export function cameraOver(random: Random, side: number): Camera {
  const rise = random.range(-0.35, 0.35);
  const near: View = { x: 0.45 * side, y: rise, zoom: CLOSEST };
  const wide: View = { x: -0.5 * side, y: -rise, zoom: 1 };
  const [from, to] = random.pick([
    [wide, near],
    [wide, near],
    [near, wide],
    [
      { x: -0.8, y: 0, zoom: 1.03 },
      { x: 0.8, y: rise * 0.4, zoom: 1.05 },
    ],
    [
      { x: 0.8, y: 0, zoom: 1.03 },
      { x: -0.8, y: rise * 0.4, zoom: 1.05 },
    ],
  ]);
  return travel(from, to);
}

/** A move that begins with the whole of a picture. */
export function cameraInto(random: Random): Camera {
  const x = random.range(-0.8, 0.8);
  return travel(STILL, { x, y: random.range(-0.7, 0.5), zoom: random.range(1.14, 1.2) });
}

const travel =
  (from: View, to: View): Camera =>
  (time) => {
    const t = eased(time);
    return {
      x: from.x + (to.x - from.x) * t,
      y: from.y + (to.y - from.y) * t,
      zoom: from.zoom + (to.zoom - from.zoom) * t,
    };
  };

/** Sets off and comes to rest softly, and is under way all the while. */
const eased = (t: number): number => 0.45 * t + 0.55 * t * t * (3 - 2 * t);
