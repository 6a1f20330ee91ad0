import { type Colour, lch } from '../drawing/colour.js';
import type { Brief } from '../reading/brief.js';
import type { MotifName } from '../reading/terms.js';
import { paintAbstract } from './abstract.js';
import { paintCast } from './cast.js';
import { paintDeep } from './deep.js';
import { paintForestFrame } from './forest.js';
import { grassColour, hues } from './hues.js';
import { paintFlowerDrifts, paintGrass } from './meadow.js';
import { groundOf, paintOutdoors, pineWood } from './outdoors.js';
import { paintRoom } from './room.js';
import { settingOf } from './setting.js';
import { paintSpace } from './space.js';
import { Stage } from './stage.js';
import { paintWeather } from './weather.js';

/**
 * Builds the scene a brief asks for: what the painter will look at while painting.
 *
 * @param notesCast whether `stage.cast` shall tell the named things from what is behind them
 */
export function composeScene(
  brief: Brief,
  seed: number,
  width: number,
  height: number,
  notesCast = false,
): Stage {
  const stage = new Stage(brief, seed, width, height);
  furnish(stage, notesCast);
  return stage;
}

/** Builds the scene on an empty stage; says so in the stage's notes for a film, layer by layer. */
export function furnish(stage: Stage, notesCast = false): void {
  const { brief } = stage;
  const { world, places } = settingOf(brief);
  const ground = groundOf(stage, places);
  switch (world) {
    case 'space':
      paintSpace(stage);
      break;
    case 'underwater':
      paintDeep(stage);
      break;
    case 'room':
      paintRoom(stage);
      break;
    case 'abstract':
      paintAbstract(stage);
      stage.film?.onLayer('ground');
      return;
    case 'outdoors':
      paintOutdoors(stage, places);
  }
  if (world === 'outdoors' && ground === 'grass') paintFlowers(stage);
  stage.film?.onLayer('ground');
  const bare = notesCast ? stage.surface.rgb.slice() : undefined;
  paintCast(stage, { world, ground });
  if (bare) stage.cast = changedPixels(bare, stage.surface.rgb);
  stage.film?.onLayer('cast');
  if (world !== 'outdoors') return;
  if (ground === 'wood')
    paintForestFrame(stage, places.has('birches') ? 'birch' : pineWood(stage) ? 'pine' : 'leaf');
  if (ground === 'grass' || ground === 'wood') paintForeground(stage);
  stage.film?.onLayer('front');
  paintWeather(stage);
}

function changedPixels(before: Uint8Array, after: Uint8Array): Uint8Array {
  const changed = new Uint8Array(before.length / 3);
  for (let i = 0, at = 0; i < changed.length; i++, at += 3) {
    const same =
      before[at] === after[at] &&
      before[at + 1] === after[at + 1] &&
      before[at + 2] === after[at + 2];
    changed[i] = same ? 0 : 1;
  }
  return changed;
}

const flowerColours: Partial<Record<MotifName, readonly Colour[]>> = {
  poppy: [lch(0.58, 0.21, 28), lch(0.6, 0.21, 33), lch(0.54, 0.2, 25)],
  sunflower: [lch(0.84, 0.17, 85)],
  tulip: [lch(0.62, 0.19, 15), lch(0.85, 0.16, 90), lch(0.7, 0.14, 350)],
  flower: [lch(0.9, 0.03, 90), lch(0.72, 0.16, 350), lch(0.66, 0.14, 300), lch(0.85, 0.15, 92)],
};

// Flowers named in the words fill the land they grow on.
function paintFlowers(stage: Stage): void {
  for (const wish of stage.brief.motifs) {
    const colours = flowerColours[wish.name];
    if (colours)
      paintFlowerDrifts(
        stage,
        wish.colour ? [hues[wish.colour]] : colours,
        0.8 + stage.brief.emphasis * 0.6,
      );
  }
}

function paintForeground(stage: Stage): void {
  const { season, weather } = stage.brief;
  if (season === 'winter' || weather.has('snow')) return;
  paintGrass(stage, grassColour(season));
}
