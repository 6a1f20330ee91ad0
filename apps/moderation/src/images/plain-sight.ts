import { isMosaic } from './mosaic.js';
import type { Pixels, View } from './pixels.js';
import type { PictureSignals, Question } from './signals.js';

/** Levels of 255: what differs by no more is one colour, and shows nobody. */
const FLAT = 2;
/** Levels of 255, on average: below it a picture is dark, and between neighbours above it it is noisy. */
const DARK = 60;
const NOISY = 12;

const nothing: PictureSignals = {
  ...{ person: 'none', faces: [], bodies: [], lowAge: false, mosaic: false },
  ...{ nudity: { explicit: 0, suggestive: 0 }, mostNude: { explicit: 0, suggestive: 0 } },
};

/**
 * What can be told of a picture without any model: it is one colour, or it is a mosaic, which is held back
 * whatever else is in it. `undefined` where somebody has to look.
 */
export async function inPlainSight(
  views: readonly View[],
  question: Question,
): Promise<PictureSignals | undefined> {
  if (views.every(({ whole }) => isFlat(whole))) return nothing;
  if (question === 'output') return undefined;
  for (const view of views) {
    if (isMosaic(await view.plain())) return { ...nothing, person: 'possible', mosaic: true };
  }
  return undefined;
}

function isFlat({ data }: Pixels): boolean {
  for (let channel = 0; channel < 3; channel++) {
    let [least, most] = [255, 0];
    for (let at = channel; at < data.length; at += 3) {
      const value = data[at] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (most - least > FLAT) return false;
  }
  return true;
}

/** Whether darkness or noise may hide somebody from the models. */
export function isSpoilt({ data, width }: Pixels): boolean {
  let [light, change, count] = [0, 0, 0];
  // Every other pixel is enough, by its green.
  for (let at = 1; at + 3 < data.length; at += 6, count++) {
    const value = data[at] ?? 0;
    light += value;
    if (((at - 1) / 3 + 1) % width !== 0) change += Math.abs(value - (data[at + 3] ?? 0));
  }
  return count > 0 && (light / count < DARK || change / count > NOISY);
}
