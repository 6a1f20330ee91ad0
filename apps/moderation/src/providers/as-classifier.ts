import type { OutputClassifier } from '../outputs/inspection.js';
import { verdictOf, type Judgement } from '../decisions/judgement.js';
import type { Signals } from '../decisions/signals.js';
import type { Panel } from './panel.js';

/**
 * Providers that look at outputs, as the check of outputs asks its classifiers: what the compiled
 * thresholds refuse or hold is unsafe. `undefined` where nobody looks at outputs.
 */
export function outputClassifier(
  panel: Panel,
  judge: (signals: Signals) => Judgement,
): OutputClassifier | undefined {
  const names = panel.namesFor('output');
  if (names.length === 0) return undefined;
  return {
    name: names.join(' + '),
    look: async (image) => {
      const picture = { kind: 'picture', bytes: image, mediaType: mediaTypeOf(image) } as const;
      const { signals } = await panel.evaluate('output', picture);
      const judged = judge(signals);
      return { unsafe: verdictOf(judged) === 'block', category: judged.category ?? 'none' };
    },
  };
}

/** Of what we make: the bytes at the beginning tell. */
function mediaTypeOf(image: Uint8Array): string {
  if (image[0] === 0x89) return 'image/png';
  return image[0] === 0xff ? 'image/jpeg' : 'image/webp';
}
