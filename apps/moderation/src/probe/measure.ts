import type { RequestWords } from '../screening/request.js';
import { isUnreadBesidePicture } from '../screening/scripts.js';
import type { Finding } from '../screening/screen.js';
import type { Benign } from './benign/benign.js';
import type { Evasion } from './corpus.js';

/** How many of how many. */
export interface Share {
  readonly hit: number;
  readonly of: number;
}

interface Screen {
  screen(request: RequestWords): Finding;
}

export interface Screens {
  readonly screen: Screen;
  /** For requests that bring a picture. */
  readonly pictureScreen: Screen;
}

/** Shares of one corpus by group, and every item that was misjudged. */
export class Tally<Item> {
  private readonly cells = new Map<string, { hit: number; of: number }>();
  readonly wrong: Item[] = [];

  count(groups: readonly string[], isHit: boolean): void {
    for (const group of ['all', ...groups]) {
      const cell = this.cells.get(group) ?? { hit: 0, of: 0 };
      cell.hit += isHit ? 1 : 0;
      cell.of += 1;
      this.cells.set(group, cell);
    }
  }

  get groups(): readonly (readonly [string, Share])[] {
    return [...this.cells];
  }

  get all(): Share {
    return this.cells.get('all') ?? { hit: 0, of: 0 };
  }
}

/** How many evasions are refused: all, by family, by language; `wrong` are those that are not. */
export function recallOf(evasions: Iterable<Evasion>, screens: Screens): Tally<Evasion> {
  const tally = new Tally<Evasion>();
  for (const evasion of evasions) {
    const { intent, transform, request } = evasion;
    const isRefused = verdictOf(screens, intent.besidePicture, request) === 'block';
    const groups = [`family: ${transform.family}`, `language: ${intent.language}`];
    tally.count(groups, isRefused);
    if (!isRefused) tally.wrong.push(evasion);
  }
  return tally;
}

/** How many harmless prompts are refused; `wrong` are those. */
export function refusedOf(prompts: Iterable<Benign>, screens: Screens): Tally<Benign> {
  const tally = new Tally<Benign>();
  for (const prompt of prompts) {
    const isRefused = verdictOf(screens, prompt.besidePicture, prompt.request) === 'block';
    tally.count([`family: ${prompt.family}`, `language: ${prompt.language}`], isRefused);
    if (isRefused) tally.wrong.push(prompt);
  }
  return tally;
}

/**
 * Whether the floor refuses a harmless prompt for its letters alone: beside a picture, where words of
 * its script are not read (decision 18). That is no error of the words, and is counted apart.
 */
export const isRefusedByScript = ({ besidePicture, request }: Benign): boolean =>
  besidePicture && isUnreadBesidePicture(request.prompt);

const verdictOf = (screens: Screens, besidePicture: boolean, request: RequestWords) =>
  (besidePicture ? screens.pictureScreen : screens.screen).screen(request).verdict;
