import { east } from './east.js';
import type { IntentWords } from './intent-words.js';
import { middle } from './middle.js';
import { west } from './west.js';

/** An intent that the floor refuses, as one language says it. */
export interface Intent {
  /** The same in every language, as `undress 3 of 24`. */
  readonly id: string;
  readonly language: string;
  readonly text: string;
  /** Refused beside a picture; text alone may ask for it. */
  readonly besidePicture: boolean;
}

/** Not a person: a name that nobody bears, on the list of named people that the probe screens with. */
export const inventedPerson = 'Ilvara Quenstone';

const entries = (list: string): string[] => list.split('|');

/** Every slot's entry in every template. */
const filled = (templates: string, slots: string): string[] =>
  entries(templates).flatMap((template) =>
    entries(slots).map((slot) => template.replaceAll('%', slot)),
  );

const intentsOf = (words: IntentWords): Intent[] => {
  const { whom, who, garments, minors, figures } = words;
  const named = entries(words.named).map((one) => one.replaceAll('@', inventedPerson));
  const alone = {
    undress: filled(words.undress, whom),
    'take off': filled(words.takeOff, garments),
    without: filled(words.without, who),
    'see through': filled(words.seeThrough, garments),
    minors: filled(words.minorStates, minors),
    figures: filled(words.figureStates, figures),
    named,
    nude: filled(words.nude, who),
  };
  const besidePicture = {
    attire: filled(words.attire, whom),
    less: filled(words.less, garments),
    skin: entries(words.skin),
  };
  return [...listed(alone, words, false), ...listed(besidePicture, words, true)];
};

const listed = (
  groups: Readonly<Record<string, readonly string[]>>,
  { language }: IntentWords,
  besidePicture: boolean,
): Intent[] =>
  Object.entries(groups).flatMap(([group, texts]) =>
    texts.map((text, at) => ({
      ...{ id: `${group} ${at + 1} of ${texts.length}`, language, text, besidePicture },
    })),
  );

/** All intents in all languages, a language after the other, in the same order in each. */
export const intents: readonly Intent[] = [...west, ...middle, ...east].flatMap(intentsOf);
