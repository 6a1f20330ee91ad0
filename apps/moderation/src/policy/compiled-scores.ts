import { allowed, type Judgement } from '../decisions/judgement.js';
import type { Signals } from '../decisions/signals.js';
import { actionAt } from './published/document-judge.js';
import type { Thresholds } from './published/policy-file.js';

type CompiledThresholds = Thresholds & {
  readonly ruleId: string;
  /** What is only held is not called by the rule, where that would suspend an account. */
  readonly heldAs?: { readonly ruleId: string; readonly category: string };
};

const noVerdict = { ruleId: 'F6', category: 'no-verdict' };

const minors = { category: 'minors', ruleId: 'F1', hold: 0.2, refuse: 0.95, heldAs: noVerdict };
const explicit = { category: 'explicit', ruleId: 'D1', hold: 0.4, refuse: 0.6 };
const realPeople = { category: 'real-people', ruleId: 'F2', hold: 0.2, refuse: 0.5 };

/**
 * What is done about scores, whatever is published, the gravest first. **Not measured**: no recall and no
 * false alarms are known of any provider here; the thresholds are low where a miss is worst. A document
 * can lower them.
 */
export const compiledScores: Readonly<Record<string, CompiledThresholds>> = {
  'prompt.sexual-minors': minors,
  'prompt-beside-picture.sexual-minors': minors,
  'output.sexual-minors': minors,
  'prompt-beside-picture.sexual': realPeople,
  'prompt-beside-picture.sexual-crime': realPeople,
  'prompt.sexual': explicit,
  'prompt.sexual-crime': explicit,
  'output.sexual': explicit,
  'output.sexual-crime': explicit,
};

/** Of each score that something is done about, in that order: how signals were written tells nothing. */
export const judgedScores = ({ scores }: Signals): Judgement[] =>
  Object.entries(compiledScores).map(([code, thresholds]) => {
    const score = scores[code]?.score ?? 0;
    const action = actionAt(score, thresholds);
    if (action === 'allow') return allowed;
    const { ruleId, category } = action === 'hold' ? (thresholds.heldAs ?? thresholds) : thresholds;
    return { action, ruleId, category, confidence: Math.round(score * 100) };
  });
