import { REFUSED_NAME_MESSAGE, refusedWordIn } from '@safelight/contracts';
import { z } from 'zod';
import { MOST_PIXELS } from '../builtin/intake.js';

/**
 * What every operator's description of a model says, whatever the engine: one that is named for what
 * nobody serves here is not offered at all (floor rule F2), and none is to draw larger pictures than
 * can be read again for their mark.
 */
const served = (most: number): z.ZodType<string, string> =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      const word = refusedWordIn(text);
      if (word === undefined) return;
      context.addIssue({ code: 'custom', message: `"${word}" ${REFUSED_NAME_MESSAGE}` });
    });

export const statedName = served(128);
export const statedDescription = served(1_000);
/** What an engine calls a file or a model: a path, mostly. */
export const statedFile = served(512);

const side = z.int().min(64).max(16_384);
export const statedSides = { max_width: side, max_height: side };

/** What is wrong with the two of them together, in words. */
export function tooLarge(stated: { max_width: number; max_height: number }): string | undefined {
  const { max_width: width, max_height: height } = stated;
  if (width * height <= MOST_PIXELS) return undefined;
  const most = (MOST_PIXELS / 1_000_000).toFixed(0);
  return `max_width × max_height must not be more than ${most} megapixels, and is ${width} × ${height}`;
}
