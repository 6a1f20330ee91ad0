import { lch } from '../atelier/drawing/colour.js';
import { ellipse, ribbon } from '../atelier/drawing/outline.js';
import type { Random } from '../atelier/drawing/random.js';
import { sine } from '../atelier/drawing/turn.js';
import type { Extent, Happening } from './atmosphere.js';
import { wrapped } from './atmosphere.js';

/** What falls from the sky, as the words ask. */
export interface Fall {
  readonly snow: boolean;
  /** 0 none .. 1 a storm's. */
  readonly rain: number;
  /** Direction and force of the wind; ±1 on a fair day. */
  readonly wind: number;
}

/** Snow and rain in front of everything. */
export function falling(random: Random, { snow, rain, wind }: Fall, extent: Extent): Happening[] {
  return [
    ...(snow ? [snowfall(random.fork('snow'), extent, wind)] : []),
    ...(rain > 0 ? [rainfall(random.fork('rain'), extent, rain, wind)] : []),
  ];
}

function snowfall(random: Random, { width, height }: Extent, wind: number): Happening {
  const flakes = Array.from({ length: Math.round(300 * width * height) }, () => {
    const near = random.next() * random.next();
    return {
      ...{ x: random.range(0, width), y: random.range(0, height), near, phase: random.next() },
      alpha: random.range(0.45, 0.9) * (1 - near * 0.35),
    };
  });
  const from = lch(0.97, 0.012, 245);
  return {
    draw: (brush, { seconds }) => {
      for (const { x, y, near, phase, alpha } of flakes) {
        const r = 0.0014 + near * 0.0075;
        const speed = 0.05 + near * 0.17;
        const sway = 0.014 * sine(seconds * 0.3 + phase);
        const fx = wrapped(x + sway - seconds * speed * 0.35 * wind, width + 0.04) - 0.02;
        const fy = wrapped(y + seconds * speed, height + 0.04) - 0.02;
        brush.fill([ellipse(fx, fy, r, r * 0.9)], { from, alpha });
      }
    },
  };
}

function rainfall(
  random: Random,
  { width, height }: Extent,
  force: number,
  wind: number,
): Happening {
  const slant = 0.14 * wind;
  const drops = Array.from({ length: Math.round(210 * width * height * force) }, () => ({
    ...{ x: random.range(0, width + 0.3), y: random.range(0, height + 0.2) },
    ...{ length: random.range(0.03, 0.09), alpha: random.range(0.1, 0.36) },
    speed: random.range(1, 1.5),
  }));
  const from = lch(0.9, 0.015, 230);
  return {
    draw: (brush, { seconds }) => {
      for (const { x, y, length, alpha, speed } of drops) {
        const way = seconds * speed;
        const dy = wrapped(y + way, height + 0.2) - 0.1;
        const dx = wrapped(x - way * slant, width + 0.3) - 0.15;
        const streak = [dx, dy, dx - slant * length, dy + length];
        brush.fill([ribbon(streak, 0.0007, 0.002)], { from, alpha });
      }
    },
  };
}
