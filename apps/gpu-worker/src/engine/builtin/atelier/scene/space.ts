import { type Colour, lch, mix, toRgb, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { ellipse } from '../drawing/outline.js';
import { clamp, ease } from '../drawing/turn.js';
import type { Surface } from '../drawing/surface.js';
import { hues } from './hues.js';
import { paintStars } from './stars.js';
import type { Stage } from './stage.js';

/** Deep space: glowing clouds of gas in two families of colour, stars, a far world. */
export function paintSpace(stage: Stage): void {
  const random = stage.chance('space');
  const named = stage.brief.colours.map((name) => hues[name]);
  const first = named[0] ?? hues[stage.brief.skyColour ?? 'violet'];
  const hue = named[0] || stage.brief.skyColour ? 0 : random.range(-60, 60);
  const one = turnHue(first, hue);
  const two = named[1] ?? turnHue(one, random.pick([-95, -70, 80, 110]));
  stage.band(0, stage.height, {
    from: lch(0.13, 0.035, 275),
    to: lch(0.17, 0.05, 290),
    detail: 0.15,
    flow: 0,
  });
  paintGas(stage, one, two, random.next());
  paintStars(stage, stage.height * 1.6);
  if (!stage.banned('motif', 'planet')) paintWorld(stage, two);
}

// Noise read through noise gives the folded filaments of gas.
function paintGas(stage: Stage, one: Colour, two: Colour, phase: number): void {
  const { surface, unit } = stage;
  const ramps = [one, two].map((colour) =>
    Array.from({ length: 33 }, (_, i) =>
      toRgb(
        mix(
          lch(0.14, 0.04, 280),
          mix(colour, lch(0.93, 0.06, 80), ease(0.55, 1, i / 32) * 0.75),
          Math.min(1, i / 20),
        ),
      ),
    ),
  );
  for (let y = 0; y < surface.height; y += 2) {
    for (let x = 0; x < surface.width; x += 2) {
      const u = (x / unit) * 0.3 + phase;
      const v = (y / unit) * 0.3 + phase * 0.7;
      const warp = noiseAt(u * 1.1, v * 1.1) - 0.5;
      const body = noiseAt(u + warp * 0.32, v - warp * 0.4);
      const fine = noiseAt(u * 2.7 - warp * 0.5, v * 2.7 + warp * 0.6);
      const lane = Math.abs(
        x / unit - stage.width * (0.25 + 0.5 * (y / unit / stage.height)) + warp * 0.9,
      );
      const glow = clamp((body * 0.75 + fine * 0.35 - 0.4) * 2.1 - lane * 0.55 + 0.28);
      const family = clamp((noiseAt(u * 0.8 + 0.5, v * 0.8) - 0.4) * 5);
      const colour = [0, 1, 2].map((c) => {
        const [a, b] = ramps.map((ramp) => ramp[Math.round(glow * 32)]?.[c] ?? 0);
        return (a ?? 0) * (1 - family) + (b ?? 0) * family;
      });
      putSquare(stage.surface, x, y, colour, Math.round(warp * 300) & 255);
    }
  }
}

function putSquare(surface: Surface, x: number, y: number, colour: number[], angle: number): void {
  const { rgb, width, height, flow } = surface;
  for (let dy = 0; dy < 2 && y + dy < height; dy++) {
    for (let dx = 0; dx < 2 && x + dx < width; dx++) {
      const at = (y + dy) * width + x + dx;
      flow[at] = angle;
      for (let c = 0; c < 3; c++) rgb[at * 3 + c] = (colour[c] ?? 0) + 0.5;
    }
  }
}

function paintWorld(stage: Stage, colour: Colour): void {
  const random = stage.chance('world');
  const radius = random.range(0.16, 0.3);
  const x = stage.width - stage.heroX + random.range(-0.05, 0.1);
  const y = stage.height * random.range(0.9, 1.02);
  const tone = { ...colour, l: 0.58 };
  stage.glow(x, y, radius * 1.5, tone, 0.5);
  stage.fill([ellipse(x, y, radius)], {
    from: tone,
    stops: [
      mix(tone, lch(0.95, 0.03, 90), 0.6),
      tone,
      mix(tone, lch(0.15, 0.03, 280), 0.7),
      lch(0.13, 0.03, 280),
    ],
    at: (px, py) => {
      const dx = (px - x) / radius;
      const dy = (py - y) / radius;
      const bands = (noiseAt(px * 0.6, py * 3.2) - 0.5) * 0.45;
      return clamp(0.42 + (dx * 0.5 + dy * 0.5) * 0.62 + bands);
    },
    detail: 0.6,
  });
}
