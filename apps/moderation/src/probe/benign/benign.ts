import type { RequestWords } from '../../screening/request.js';
import type { BenignWords } from './benign-words.js';
import { east } from './east.js';
import { middle } from './middle.js';
import { west } from './west.js';

/** A prompt that should pass. */
export interface Benign {
  readonly family: string;
  readonly language: string;
  readonly request: RequestWords;
  readonly besidePicture: boolean;
}

const entries = (list: string): string[] => list.split('|');

function benignOf({ language, settings, fashion, ...scenes }: BenignWords): Benign[] {
  const families = { ...scenes, 'fashion edits': fashion };
  return Object.entries(families).flatMap(([family, list]) =>
    entries(list).flatMap((scene) =>
      entries(settings).map((setting) => ({
        ...{ family, language, besidePicture: family === 'fashion edits' },
        request: { prompt: `${scene}, ${setting}`, negativePrompt: '' },
      })),
    ),
  );
}

/** Every scene in every setting, in every language. */
export const benign: readonly Benign[] = [...west, ...middle, ...east].flatMap(benignOf);
