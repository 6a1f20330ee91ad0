import type { Finding, Signals } from '../decisions/signals.js';
import type { PictureSignals } from '../images/signals.js';
import type { Outcome } from './facts.js';

/** What a combination or a rise concluded; nothing where it allows. */
export function findingOf({ verdict, ruleId, category }: Outcome): Finding | undefined {
  if (verdict === 'allow' || ruleId === null || category === null) return undefined;
  const [action, confidence] =
    verdict === 'hold' ? (['hold', 50] as const) : (['refuse', 90] as const);
  return { action, ruleId, category, confidence };
}

/** What documents may speak of; what is done about it here is the findings' matter. */
export function scoresOf(
  { nudity, lowAge }: Pick<PictureSignals, 'nudity' | 'lowAge'>,
  names: readonly string[],
  stage: 'input' | 'output' = 'output',
): Signals['scores'] {
  const by = { provider: 'local', model: names.join(' + ') };
  return {
    [`${stage}.nudity-explicit`]: { score: nudity.explicit, ...by },
    [`${stage}.nudity-suggestive`]: { score: nudity.suggestive, ...by },
    [`${stage}.low-age`]: { score: lowAge ? 1 : 0, ...by },
  };
}
