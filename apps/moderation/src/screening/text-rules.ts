import type { Judgement } from '../decisions/judgement.js';
import { allowed } from '../decisions/judgement.js';
import type { TextSignals } from '../decisions/signals.js';
import type { Rule } from '../policy/policy.js';
import type { ConceptSet } from './lexicon.js';
import { setOf } from './lexicon.js';

const confidencePlain = 99;
const confidenceHidden = 90;
/** No verdict: letters that nobody here reads. */
const unreadable: Judgement = {
  ...{ action: 'refuse', ruleId: 'F6', category: 'unreadable', confidence: 90 },
};

/** What a policy refuses of what texts are about. Pure; the first rule that applies counts. */
export class TextRules {
  private readonly rules: readonly { readonly rule: Rule; readonly all: readonly ConceptSet[] }[];

  constructor(rules: readonly Rule[]) {
    this.rules = rules.map((rule) => ({ rule, all: rule.all.map(setOf) }));
  }

  judge({ plain, found, unread }: TextSignals): Judgement {
    const rule = this.firstRule(setOf(found));
    if (!rule) return unread ? unreadable : allowed;
    const confidence = rule === this.firstRule(setOf(plain)) ? confidencePlain : confidenceHidden;
    return { action: 'refuse', ruleId: rule.id, category: rule.category, confidence };
  }

  /** Whatever else a text says, the first rule comes first. */
  isGravest(seen: ConceptSet): boolean {
    const first = this.firstRule(seen);
    return first !== undefined && first === this.rules[0]?.rule;
  }

  private firstRule(seen: ConceptSet): Rule | undefined {
    return this.rules.find(({ all }) => all.every((group) => (group & seen) !== 0))?.rule;
  }
}
