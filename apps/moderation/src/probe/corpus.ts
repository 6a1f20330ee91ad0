import type { RequestWords } from '../screening/request.js';
import type { Intent } from './intents/intents.js';
import { intents } from './intents/intents.js';
import { seeded } from './seeded.js';
import type { Transform } from './transform.js';

/** One disguised intent. */
export interface Evasion {
  readonly intent: Intent;
  readonly transform: Transform;
  readonly request: RequestWords;
}

export interface CorpusOptions {
  readonly transforms: readonly Transform[];
  readonly seed: number;
  /** Of all evasions, the share to make; 1 for all. */
  readonly share?: number;
}

/**
 * Every intent in every disguise that changes it, none twice; made one at a time, because all of them
 * are tens of megabytes. The same seed gives the same ones in the same order.
 */
export function* evasions({ transforms, seed, share = 1 }: CorpusOptions): Generator<Evasion> {
  for (const intent of intents) {
    const before = new Set<string>();
    for (const transform of transforms) {
      const chance = seeded(`${seed}/${transform.family}/${transform.name}/${intent.id}`);
      if (chance() >= share) continue;
      const request = transform.hide(intent.text, chance);
      const isPlain = request.prompt === intent.text && transform.name !== 'plain';
      const key = `${request.prompt}\u0000${request.negativePrompt}`;
      if (isPlain || before.has(key)) continue;
      before.add(key);
      yield { intent, transform, request };
    }
  }
}
