import { type Colour, lch, lighter, mix } from '../drawing/colour.js';
import { ellipse } from '../drawing/outline.js';
import { hues } from './hues.js';
import type { Stage } from './stage.js';

/** Sun and moons: those the words name, else the one the hour implies. */
export function paintLuminaries(stage: Stage): void {
  const { brief, light } = stage;
  const moons = brief.motifs.find((motif) => motif.name === 'moon');
  const suns = brief.motifs.find((motif) => motif.name === 'sun');
  const hidden =
    brief.weather.has('storm') || brief.weather.has('rain') || brief.weather.has('cloud');
  if (moons) paintMoons(stage, moons.count, moons.size, moons.colour && hues[moons.colour]);
  if (suns) paintSun(stage, 0.085 * suns.size, suns.colour ? hues[suns.colour] : light.beam);
  if (moons || suns || hidden || brief.weather.has('aurora')) return;
  const low = light.time === 'golden' || light.time === 'dawn' || light.time === 'dusk';
  if (low && !stage.banned('motif', 'sun')) {
    stage.sun.y = stage.horizon - stage.height * (light.time === 'dusk' ? 0.02 : 0.08);
    paintSun(stage, 0.05, light.beam);
  } else if (light.time === 'night' && !stage.banned('motif', 'moon')) {
    paintMoons(stage, 1, 0.75, undefined);
  }
}

function paintSun(stage: Stage, radius: number, colour: Colour): void {
  const { x, y } = stage.sun;
  stage.glow(x, y, radius * 9, colour, 0.5);
  stage.glow(x, y, radius * 3.2, colour, 0.55);
  stage.fill([ellipse(x, y, radius)], {
    from: lighter(colour, 0.03),
    to: colour,
    round: [x, y, radius],
    detail: 0.5,
  });
}

function paintMoons(stage: Stage, count: number, size: number, tinge: Colour | undefined): void {
  const random = stage.chance('moons');
  const base = tinge ? mix(tinge, lch(0.93, 0.02, 90), 0.35) : lch(0.94, 0.035, 95);
  for (let i = 0; i < Math.min(count, 5); i++) {
    const radius = 0.075 * size * (i === 0 ? 1 : random.range(0.45, 0.75));
    const x =
      i === 0
        ? stage.sun.x
        : stage.sun.x + (stage.sun.x > stage.width / 2 ? -1 : 1) * (0.14 + 0.12 * i) * stage.width;
    const y = i === 0 ? stage.sun.y : stage.sun.y + random.range(0.02, 0.14) * stage.height;
    const colour = i === 0 ? base : mix(base, lch(0.84, 0.08, random.range(20, 80)), 0.6);
    stage.glow(x, y, radius * 6, colour, 0.3);
    stage.glow(x, y, radius * 2, colour, 0.4);
    stage.fill([ellipse(x, y, radius)], {
      from: colour,
      to: lighter(colour, -0.1),
      axis: [x - radius, y - radius, x + radius, y + radius],
      grain: 0.8,
      grainScale: [9, 9],
      detail: 0.8,
    });
  }
}
