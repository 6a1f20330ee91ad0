import { lch, lighter } from '../drawing/colour.js';
import { ellipse } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import type { Stage } from './stage.js';

/** The soft shadow under a thing, drawn away from the sun. */
export function paintGroundShadow(stage: Stage, x: number, y: number, scale: number): void {
  const away = stage.sun.x > x ? -1 : 1;
  const cx = x + away * scale * 0.16;
  stage.fill([ellipse(cx, y - scale * 0.005, scale * 0.42, scale * 0.045, away * 0.004)], {
    from: lch(0.32, 0.05, 275),
    mode: 'multiply',
    alpha: 0.42 - stage.light.darkness * 0.2,
    detail: 0.4,
  });
}

const ROCK = 'S -1 .7 -.6 -.4 -.1 -1 .5 -.6 1 .7 0 1';
const WASH = 'S -.62 .06 0 .045 .62 .06 0 .085';

/** Rocks in the water for a thing that must stand on land, washed by foam. */
export function paintRock(stage: Stage, x: number, y: number, scale: number, random: Random): void {
  const stone = stage.lit(lch(0.42, 0.025, 60), 0.08);
  for (let i = 0; i < 6; i++) {
    const cx = x + (i - 2.5) * scale * 0.14;
    const w = scale * random.range(0.13, 0.26);
    const h = scale * random.range(0.05, 0.11) * (i === 2 || i === 3 ? 1.4 : 1);
    stage.fill(stage.shape(ROCK, { x: cx, y, scale: w, stretch: h / w }), {
      from: lighter(stone, 0.12),
      to: lighter(stone, -0.1),
      axis: [cx - w * 0.3, y - h, cx + w * 0.3, y + h],
      grain: 0.6,
      grainScale: [12, 12],
      detail: 0.65,
    });
  }
  stage.fill(stage.shape(WASH, { x, y, scale }), {
    from: stage.lit(lch(0.92, 0.015, 220), 0.1),
    alpha: 0.65,
    detail: 0.7,
  });
}

const MOUND = 'S -1.5 .07 -.8 -.03 -.4 -.08 .45 -.07 .9 -.02 1.5 .07';

/** The hill that a castle stands on. */
export function paintMound(stage: Stage, x: number, y: number, scale: number): void {
  const green = stage.lit(lch(0.42, 0.06, 130), 0.25);
  stage.fill(stage.shape(MOUND, { x, y, scale }), {
    from: lighter(green, 0.06),
    to: lighter(green, -0.08),
    axis: [x - scale, y - 0.1, x + scale, y],
    grain: 0.6,
    grainScale: [5, 5],
    detail: 0.45,
  });
}
