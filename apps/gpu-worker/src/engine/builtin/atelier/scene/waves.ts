import { lch, lighter } from '../drawing/colour.js';
import type { Placement } from '../drawing/outline.js';
import { ease } from '../drawing/turn.js';
import type { Stage } from './stage.js';

/** Crests of a rough sea, larger towards the viewer. */
export function paintCrests(stage: Stage, roughness: number): void {
  const random = stage.chance('crests');
  const span = stage.height - stage.horizon;
  for (let i = 0; i < 34; i++) {
    const near = 0.02 + (i / 34) * (i / 34) * 0.98;
    const y = stage.horizon + span * near;
    const x = random.range(-0.1, stage.width + 0.1);
    const half = (0.03 + near * 0.26) * random.range(0.6, 1.3);
    const rise = (0.008 + near * 0.075) * roughness;
    const mirror = random.chance(0.5);
    paintCrest(stage, { x, y, scale: half, stretch: rise / half, mirror }, near);
  }
}

const SWELL = 'S -1 .3 -.45 -.35 .1 -.95 .34 -.75 .42 -.2 1 .3 0 .5';
const FOAM = 'W .03 .1 -.6 -.2 -.2 -.68 .12 -.98 .33 -.78 .42 -.35';
const STREAKS =
  'W .01 .03 -.14 -.48 .02 -.6 .12 -.58 W .01 .03 .04 -.33 .2 -.45 .3 -.43 ' +
  'W .01 .03 -.36 -.23 -.2 -.35 -.1 -.33 W .01 .03 .34 .17 .5 .05 .6 .07 ' +
  'W .01 .03 .59 .32 .75 .2 .85 .22';

// A swell that leans one way, with foam along its back and trailing down its face.
function paintCrest(stage: Stage, place: Placement, near: number): void {
  const { x, y, scale } = place;
  const rise = scale * (place.stretch ?? 1);
  const way = place.mirror ? -1 : 1;
  const body = stage.lit(lch(0.34 + near * 0.04, 0.07, 215), (1 - near) * 0.5);
  const foam = stage.lit(lch(0.95, 0.015, 220), (1 - near) * 0.35);
  stage.fill(stage.shape(SWELL, place), {
    from: lighter(body, 0.13),
    to: lighter(body, -0.07),
    axis: [x, y - rise, x, y + rise * 0.4],
    grain: 0.5,
    grainScale: [4, 14],
    detail: 0.55,
    flow: 0.03 * way,
  });
  stage.fill(stage.shape(FOAM, place), { from: foam, alpha: 0.85, detail: 0.8 });
  stage.fill(stage.shape(STREAKS, place), { from: foam, alpha: 0.55, detail: 0.75 });
  if (near < 0.3) return;
  const spray = 0.22 * ease(0.3, 1, near);
  stage.glow(x + way * scale * 0.25, y - rise * 0.8, scale * 0.3, lch(0.8, 0.02, 220), spray);
}
