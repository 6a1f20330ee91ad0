import { lch } from '../drawing/colour.js';
import { ellipse } from '../drawing/outline.js';
import { ease } from '../drawing/turn.js';
import type { Stage } from './stage.js';

/** Stars over the sky, thinning out towards `bottom`. */
export function paintStars(stage: Stage, bottom: number): void {
  const random = stage.chance('stars');
  const whirling = stage.brief.style === 'impasto';
  const count = Math.round((whirling ? 46 : 170) * stage.width * stage.height);
  for (let i = 0; i < count; i++) {
    const x = random.range(0, stage.width);
    const y = bottom * random.next() * random.range(0.4, 1);
    const big = random.chance(whirling ? 0.5 : 0.09);
    const radius = big
      ? random.range(0.0025, 0.0045) * (whirling ? 3 : 1)
      : random.range(0.0009, 0.0018);
    const colour = lch(0.96, random.range(0, 0.06), random.chance(0.5) ? 90 : 250);
    const alpha = random.range(0.45, 1) * (1 - ease(bottom * 0.5, bottom, y) * 0.7);
    if (big) stage.glow(x, y, radius * 7, colour, 0.4 * alpha);
    if (big || i % 3 === 0) stage.film?.stars.push({ x, y, radius });
    stage.fill([ellipse(x, y, radius)], { from: colour, alpha, detail: big ? 1 : 0.55 });
  }
}
