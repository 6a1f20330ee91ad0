import { type Colour, lch, lighter, mix } from '../drawing/colour.js';
import type { Place } from '../reading/terms.js';
import { grassColour } from './hues.js';
import type { Stage } from './stage.js';
import { paintWater } from './water.js';

/** Sea, lake or river, with what lies at its edge. */
export function paintWaters(stage: Stage, places: ReadonlySet<Place>): void {
  const { weather } = stage.brief;
  const wild = weather.has('storm')
    ? 1
    : places.has('sea')
      ? weather.has('wind')
        ? 0.7
        : 0.42
      : 0.14;
  const calm = stage.brief.mood.energy < -0.3 ? 0.5 : 1;
  paintWater(stage, {
    roughness: wild * calm,
    mirror: wild > 0.8 ? 0.12 : places.has('sea') ? 0.42 : 0.78,
  });
  if (places.has('river') && !places.has('sea') && !places.has('lake')) paintBanks(stage);
  else if (places.has('desert')) paintBeach(stage);
}

const LEFT_BANK =
  'S -.4 .005 -.4 .005 .47 .005 .47 .005 .44 .06 .5 .14 .4 .27 .14 .5 .02 1 -.1 1.2 -.4 1';
const RIGHT_BANK =
  'S 1.4 .005 1.4 .005 .5 .005 .5 .005 .48 .06 .56 .14 .6 .27 .52 .5 .74 1 .9 1.2 1.4 1';

// A river shows between two banks that close up towards the horizon.
function paintBanks(stage: Stage): void {
  const cold = stage.brief.season === 'winter' || stage.brief.weather.has('snow');
  const bank = stage.lit(cold ? lch(0.94, 0.02, 245) : grassColour(stage.brief.season));
  const { width, height, horizon } = stage;
  const place = { x: 0, y: horizon, scale: width, stretch: (height - horizon) / width };
  for (const drawing of [LEFT_BANK, RIGHT_BANK]) {
    stage.fill(stage.shape(drawing, place), {
      from: mix(bank, stage.light.haze, 0.35),
      to: lighter(bank, -0.08),
      axis: [0, horizon, 0, height],
      grain: 0.5,
      grainScale: [2, 5],
      detail: 0.35,
      flow: 0,
    });
  }
}

const BEACH = 'S -.2 .06 .3 .03 .7 .09 1.2 0 1.4 .6 .5 .9 -.4 .6';

function paintBeach(stage: Stage): void {
  const { width, height, horizon } = stage;
  const y = horizon + (height - horizon) * 0.66;
  shaded(stage, BEACH, { x: 0, y, scale: width }, stage.lit(lch(0.84, 0.06, 80)));
}

/** A wooded island on the horizon, with a rim of sand. */
export function paintIsland(stage: Stage): void {
  const place = { x: stage.width - stage.heroX, y: stage.horizon + 0.012, scale: 1 };
  const wood = 'S -.26 0 -.16 -.06 -.04 -.13 .06 -.1 .18 -.04 .28 0';
  shaded(stage, wood, place, stage.lit(lch(0.46, 0.09, 140), 0.28));
  const sand = 'S -.3 .004 0 -.02 .32 .004 0 .012';
  shaded(stage, sand, place, stage.lit(lch(0.86, 0.06, 85), 0.2));
}

interface Spot {
  x: number;
  y: number;
  scale: number;
}

function shaded(stage: Stage, drawing: string, place: Spot, colour: Colour): void {
  stage.fill(stage.shape(drawing, place), {
    from: lighter(colour, 0.07),
    to: lighter(colour, -0.08),
    axis: [place.x - 0.1, place.y - 0.1, place.x + 0.1, place.y + 0.05],
    grain: 0.6,
    grainScale: [7, 7],
    detail: 0.45,
    flow: 0,
  });
}

/** A street that leads to the horizon; wet, it mirrors the lights. */
export function paintStreet(stage: Stage): void {
  const { weather, style } = stage.brief;
  const rainy = weather.has('rain') || weather.has('storm');
  if (rainy || style === 'neon' || stage.light.darkness > 0.5) {
    paintWater(stage, { roughness: 0.1, mirror: rainy ? 0.72 : 0.5 });
    return;
  }
  const stone = stage.lit(lch(0.6, 0.02, 70));
  stage.band(stage.horizon, stage.height, {
    from: lighter(stone, 0.1),
    to: lighter(stone, -0.1),
    grain: 0.4,
    grainScale: [2, 6],
    detail: 0.3,
    flow: 0,
  });
  for (let i = 0; i < 6; i++) paintLaneMark(stage, i / 6, (i + 0.5) / 6, lighter(stone, 0.22));
}

function paintLaneMark(stage: Stage, from: number, to: number, colour: Colour): void {
  const span = stage.height - stage.horizon;
  const x = stage.width / 2;
  const corner = (t: number, way: number): [number, number] => [
    x + way * (0.001 + t * t * 0.015),
    stage.horizon + span * (0.03 + t * t),
  ];
  const mark = [...corner(from, -1), ...corner(from, 1), ...corner(to, 1), ...corner(to, -1)];
  stage.fill([mark], { from: colour, detail: 0.7 });
}
