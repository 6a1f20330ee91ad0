import { type Colour, lch, lighter } from '../drawing/colour.js';
import type { Place } from '../reading/terms.js';
import { paintForest } from './forest.js';
import { grassColour, hues } from './hues.js';
import { paintFlowerDrifts, paintFurrows, paintLand, paintPath } from './meadow.js';
import { paintDunes, paintHills, paintMountains, paintVolcano } from './ridges.js';
import { paintIsland, paintStreet, paintWaters } from './shores.js';
import { paintFarBirds, paintSky } from './sky.js';
import type { Stage } from './stage.js';
import { paintCity, paintVillage } from './town.js';
import { paintCopse, paintTreeLine } from './trees.js';
import { paintHaze } from './weather.js';

type Places = ReadonlySet<Place>;

/** What the foot of the picture is made of. */
export type Ground = 'water' | 'street' | 'sand' | 'snow' | 'wood' | 'grass' | 'cloud';

export function groundOf(stage: Stage, places: Places): Ground {
  const has = (place: Place): boolean => places.has(place);
  if (has('sky') && places.size === 1) return 'cloud';
  if (has('sea') || has('lake') || has('river') || has('island')) return 'water';
  if (has('city')) return 'street';
  if (has('desert')) return 'sand';
  if (has('forest') || has('birches')) return 'wood';
  const cold = stage.brief.season === 'winter' || stage.brief.weather.has('snow');
  return has('snowfield') || cold ? 'snow' : 'grass';
}

/** The land under an open sky, from far to near, without its subjects. */
export function paintOutdoors(stage: Stage, places: Places): void {
  const ground = groundOf(stage, places);
  if (ground === 'wood') stage.horizon = stage.height * 0.6;
  if (ground === 'cloud') stage.horizon = stage.height * 0.85;
  paintSky(stage, stage.horizon + 0.03);
  paintBackdrop(stage, places, ground);
  stage.film?.onLayer('far');
  paintGround(stage, places, ground);
  const span = stage.height - stage.horizon;
  if (places.has('village') && ground !== 'water')
    paintVillage(stage, stage.horizon - 0.02, stage.horizon + span * 0.42);
  if (stage.film) {
    // Mist lies on the land, and not on what stands before it, so that it moves with the land.
    paintHaze(stage);
    return;
  }
  if (hasFarBirds(stage, ground)) {
    paintFarBirds(stage, 4, stage.width - stage.sun.x, stage.height * 0.24);
  }
}

/** Whether birds may fly far off. */
export const hasFarBirds = (stage: Stage, ground: Ground): boolean =>
  !stage.banned('motif', 'bird') &&
  !stage.brief.weather.has('storm') &&
  stage.light.time !== 'night' &&
  ground !== 'street';

function paintBackdrop(stage: Stage, places: Places, ground: Ground): void {
  const { horizon, brief } = stage;
  const random = stage.chance('backdrop');
  const cold = brief.season === 'winter' || brief.weather.has('snow') || places.has('snowfield');
  const green = cold ? lch(0.86, 0.025, 250) : grassColour(brief.season);
  if (places.has('mountains')) paintMountains(stage, horizon);
  if (places.has('volcano')) paintVolcano(stage, horizon);
  if (places.has('city')) paintCity(stage, horizon);
  if (places.has('island')) paintIsland(stage);
  const wooded = places.has('forest') || places.has('birches');
  if (places.has('hills') || places.has('village'))
    paintHills(stage, horizon, lighter(green, -0.06));
  else if (!places.has('mountains') && (ground === 'grass' || ground === 'snow')) {
    paintHills(stage, horizon, lighter(green, -0.05), 0.13);
  }
  if (places.has('village') && ground === 'water') {
    paintVillage(stage, horizon - 0.04, horizon + 0.004);
  }
  if (places.has('lake') && !places.has('city')) {
    if (!places.has('mountains') && !places.has('hills') && !places.has('village'))
      paintHills(stage, horizon, lighter(green, -0.1), 0.16);
    paintTreeLine(stage, horizon, 0.07, 0.4, random);
  } else if (wooded && ground === 'water') paintTreeLine(stage, horizon, 0.13, 0.3, random);
  else if (ground === 'snow') paintTreeLine(stage, horizon + 0.01, 0.09, 0.5, random);
}

function paintGround(stage: Stage, places: Places, ground: Ground): void {
  const { brief } = stage;
  switch (ground) {
    case 'water': {
      paintWaters(stage, places);
      return;
    }
    case 'street': {
      paintStreet(stage);
      return;
    }
    case 'sand': {
      paintDunes(stage, stage.horizon);
      return;
    }
    case 'wood': {
      paintForest(stage, places.has('birches') ? 'birch' : pineWood(stage) ? 'pine' : 'leaf');
      return;
    }
    case 'snow': {
      paintLand(stage, lch(0.95, 0.02, 245));
      return;
    }
    case 'cloud':
      return;
    case 'grass':
      paintLand(stage, grassColour(brief.season));
      if (places.has('field')) {
        paintFurrows(stage, fieldColours(stage));
        return;
      }
      paintCopse(stage);
      if (brief.accent % 3 !== 0 || places.has('village')) paintPath(stage, lch(0.72, 0.06, 75));
      if (places.has('garden') || brief.season === 'spring')
        paintFlowerDrifts(stage, wildColours(stage), 0.8);
  }
}

/** Whether a wood that no word describes is of firs. */
export const pineWood = (stage: Stage): boolean =>
  stage.brief.season !== 'autumn' &&
  stage.brief.season !== 'spring' &&
  (stage.brief.weather.has('snow') ||
    stage.brief.season === 'winter' ||
    stage.brief.accent % 2 === 0);

function wildColours(stage: Stage): Colour[] {
  const named = stage.brief.colours.map((name) => hues[name]);
  return named.length > 0
    ? named
    : [lch(0.95, 0.02, 90), lch(0.86, 0.16, 92), lch(0.68, 0.15, 320), lch(0.62, 0.13, 265)];
}

function fieldColours(stage: Stage): [Colour, Colour] {
  const named = stage.brief.colours[0] ?? stage.brief.groundColour;
  if (named) return [lch(0.45, 0.08, 130), hues[named]];
  const flower = stage.brief.motifs.find(({ name }) => name === 'tulip' || name === 'sunflower');
  if (flower?.name === 'tulip') return [lch(0.5, 0.1, 135), lch(0.62, 0.19, 15)];
  if (flower) return [lch(0.46, 0.1, 130), lch(0.84, 0.17, 85)];
  return stage.brief.accent % 2
    ? [lch(0.42, 0.07, 130), lch(0.62, 0.13, 300)]
    : [lch(0.6, 0.1, 90), lch(0.82, 0.13, 86)];
}
