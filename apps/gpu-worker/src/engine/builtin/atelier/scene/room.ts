import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { ellipse, spline } from '../drawing/outline.js';
import { clamp, ease } from '../drawing/turn.js';
import { hues } from './hues.js';
import type { Stage } from './stage.js';

/** An interior: a wall with light from a window, and a table that carries the still life. */
export function paintRoom(stage: Stage): void {
  const random = stage.chance('room');
  const { brief, light } = stage;
  stage.horizon = stage.height * 0.6;
  const dim = light.darkness * 0.3;
  const named = brief.groundColour ?? brief.colours[0];
  const table = named ? hues[named] : lch(0.47, 0.085, random.range(40, 65));
  const wallHue = brief.skyColour
    ? hues[brief.skyColour]
    : turnHue({ ...table, l: 0.62 }, random.pick([150, 180, 120]));
  const wall = mix(
    mix(wallHue, lch(0.6, 0.03, 70), brief.skyColour ? 0.1 : 0.5),
    lch(0.3, 0.04, 60),
    dim,
  );
  paintWall(stage, lighter(wall, 0.02 - dim * 0.5));
  paintTable(stage, mix(table, lch(0.25, 0.04, 50), dim * 0.6));
}

// Light falls in from the sun's side and dies away across the wall.
function paintWall(stage: Stage, wall: Colour): void {
  const from = stage.sun.x > stage.width / 2 ? 1 : 0;
  stage.band(0, stage.horizon + 0.02, {
    from: wall,
    stops: [
      mix(lighter(wall, 0.16), stage.light.beam, 0.25),
      lighter(wall, 0.03),
      lighter(wall, -0.12),
      lighter(wall, -0.22),
    ],
    at: (x, y) => {
      const across = Math.abs(x / stage.width - from);
      return clamp(
        across * 0.85 +
          Math.abs(y / stage.height - 0.28) * 0.5 +
          (noiseAt(x * 0.5, y * 0.5) - 0.5) * 0.5,
      );
    },
    detail: 0.12,
    flow: 0.11,
  });
  if (stage.light.darkness < 0.6 && !stage.banned('place', 'room')) paintPane(stage, from);
}

// The slanted picture of a window on the wall.
function paintPane(stage: Stage, from: number): void {
  const way = from === 1 ? -1 : 1;
  const x = stage.width * (from === 1 ? 0.78 : 0.22);
  for (const column of [0, 1]) {
    for (const row of [0, 1]) {
      const left = x + way * column * 0.145;
      const top = stage.height * (0.1 + row * 0.19) + column * 0.03;
      const [w, h, slant] = [way * 0.13, stage.height * 0.17, 0.028];
      stage.fill([[left, top, left + w, top + slant, left + w, top + h + slant, left, top + h]], {
        from: stage.light.beam,
        alpha: 0.3 - column * 0.06,
        mode: 'add',
        detail: 0.4,
      });
    }
  }
}

function paintTable(stage: Stage, table: Colour): void {
  const { horizon, height, width } = stage;
  const from = stage.sun.x > width / 2 ? 1 : 0;
  stage.band(horizon, height, {
    from: table,
    stops: [
      lighter(table, 0.15),
      lighter(table, 0.04),
      lighter(table, -0.05),
      lighter(table, -0.17),
    ],
    at: (x, y) => {
      const near = (y - horizon) / (height - horizon);
      const across = Math.abs(x / width - from);
      const weave = (noiseAt(x * 0.5, y * 5) - 0.5) * 0.3;
      return clamp(0.1 + across * 0.5 + near * 0.38 + weave);
    },
    detail: 0.22,
    flow: 0,
  });
  stage.band(horizon - 0.006, horizon + 0.012, {
    from: lighter(table, -0.24),
    alpha: 0.55,
    fade: true,
    at: (_x, y) => clamp(Math.abs(y - horizon) / 0.012),
  });
  paintFolds(stage, table);
}

// A cloth falls in folds over the near edge.
function paintFolds(stage: Stage, table: Colour): void {
  const edge = stage.height - (stage.height - stage.horizon) * 0.16;
  stage.band(edge, stage.height, {
    from: table,
    stops: [lighter(table, -0.1), lighter(table, -0.04), lighter(table, 0.03)],
    at: (x, y) => {
      const fold = noiseAt(x * 1.15 + (y - edge) * 0.12, 0.3);
      return clamp(ease(0.3, 0.75, fold));
    },
    detail: 0.3,
    flow: 0.24,
  });
  stage.band(edge - 0.008, edge + 0.006, {
    from: lighter(table, 0.13),
    alpha: 0.7,
    fade: true,
    at: (_x, y) => clamp(Math.abs(y - edge) / 0.008),
  });
}

/** The shadow a thing throws over the table, away from the light. */
export function paintTableShadow(stage: Stage, x: number, y: number, width: number): void {
  const away = stage.sun.x > stage.width / 2 ? -1 : 1;
  const reach = width * 1.25 * away;
  const outline = spline(
    [
      x - width * 0.42,
      y - 0.008,
      x + reach * 0.5,
      y - width * 0.13,
      x + reach,
      y - width * 0.07,
      x + reach * 0.8,
      y + width * 0.03,
      x + width * 0.3,
      y + width * 0.07,
      x - width * 0.4,
      y + width * 0.035,
    ],
    true,
  );
  const tone = lch(0.3, 0.04, 275);
  stage.fill([outline], { from: tone, alpha: 0.42, mode: 'multiply', detail: 0.4 });
  stage.fill([ellipse(x, y, width * 0.4, width * 0.06)], {
    from: tone,
    alpha: 0.6,
    mode: 'multiply',
    detail: 0.5,
  });
}
