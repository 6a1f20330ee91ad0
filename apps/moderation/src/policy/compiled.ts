import { type Judgement, strongest } from '../decisions/judgement.js';
import type { Signals, TextScreen } from '../decisions/signals.js';
import { TextRules } from '../screening/text-rules.js';
import { floorBesidePicture, unwantedBesidePicture } from './beside-picture.js';
import { judgedScores } from './compiled-scores.js';
import { floor } from './floor.js';
import type { PolicyDocument } from './policy.js';
import { above } from './policy.js';

/**
 * What is compiled in says of signals: the strongest of what compiled checks concluded and of what the
 * rules say of each text and each score. Needs no vocabulary, so it is made in no time.
 * @throws PolicyError when the document would weaken the floor
 */
export function compiledJudge(document: PolicyDocument): (signals: Signals) => Judgement {
  const rules: Readonly<Record<TextScreen, TextRules>> = {
    words: new TextRules(above(floor, document).rules),
    'words-beside-picture': new TextRules(above(floorBesidePicture, document).rules),
    'unwanted-beside-picture': new TextRules(unwantedBesidePicture.rules),
  };
  return (signals) =>
    strongest([
      ...signals.findings,
      ...signals.texts.map((text) => rules[text.by].judge(text)),
      ...judgedScores(signals),
    ]);
}
