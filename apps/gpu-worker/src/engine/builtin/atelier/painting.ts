import { hashText } from './drawing/random.js';
import { readBrief } from './reading/brief.js';
import { composeScene } from './scene/compose.js';
import type { Stage } from './scene/stage.js';
import type { Technique } from './technique/technique.js';
import { techniques } from './technique/techniques.js';

/** What the painter needs to know; sizes in pixels, seed an unsigned 32-bit integer. */
export interface Commission {
  prompt: string;
  negativePrompt: string;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  seed: number;
}

/** One picture in the making. The same commission gives the same pixels, always. */
export class Painting {
  readonly steps: number;
  readonly #technique: Technique;
  #done = 0;

  /** `rearrange` may change the scene before the first pass. */
  constructor(commission: Commission, rearrange?: (stage: Stage) => void) {
    const { prompt, negativePrompt, guidance, seed, width, height } = commission;
    this.steps = Math.max(1, Math.floor(commission.steps));
    const brief = readBrief(prompt, negativePrompt, guidance);
    const stage = composeScene(brief, seed, width, height, rearrange !== undefined);
    rearrange?.(stage);
    this.#technique = techniques[brief.style](stage, this.steps, hashText('hand', seed));
  }

  /** Does the next pass and returns how many are done. */
  pass(): number {
    if (this.#done < this.steps) this.#technique.pass(this.#done++);
    return this.#done;
  }

  /** The finished picture, three bytes per pixel. */
  finish(): Uint8Array {
    return this.#technique.finish();
  }
}
