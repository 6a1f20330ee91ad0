import type { PolicyDocument, Rule } from '../policy/policy.js';
import { compiledCompound } from './compounds.js';
import { encodedLayers } from './encodings.js';
import type { ConceptSet } from './lexicon.js';
import { lexiconOf, setOf } from './lexicon.js';
import { readings } from './normalise.js';
import type { Avoidable, RequestWords } from './request.js';
import { avoidableOf, joinedText } from './request.js';
import { isUnread, isUnreadInside } from './scripts.js';
import { rotated } from './spelling.js';
import { Tokens } from './tokens.js';
import type { Glasses } from './views.js';
import { reachOf, Views } from './views.js';

/** What screening found; coarse on purpose, so that it does not teach evasion. */
export interface Finding {
  readonly verdict: 'pass' | 'block';
  readonly ruleId: string | null;
  readonly category: string | null;
  /** 0 (surely fine) to 100 (surely refused). */
  readonly confidence: number;
}

const passed: Finding = { verdict: 'pass', ruleId: null, category: null, confidence: 1 };
const confidencePlain = 99;
const confidenceHidden = 90;
/** No verdict: letters that nobody here reads. */
export const unreadable: Finding = {
  ...{ verdict: 'block', ruleId: 'F6', category: 'unreadable', confidence: 90 },
};

/** Screens the words of requests by one policy. Pure; time grows with the length of the text only. */
export class PromptScreen {
  private readonly glasses: Glasses;
  private readonly reach: number;
  private readonly rules: readonly { readonly rule: Rule; readonly all: readonly ConceptSet[] }[];
  private readonly avoidable: Avoidable;

  /** @param names living people whom no sexual context may name. */
  constructor(policy: PolicyDocument, names: readonly string[] = []) {
    const lexicon = lexiconOf(policy, names);
    const compounds = policy.compounds.map(compiledCompound);
    this.glasses = { lexicon, tokens: new Tokens(lexicon), compounds };
    this.reach = reachOf(this.glasses);
    this.rules = policy.rules.map((rule) => ({ rule, all: rule.all.map(setOf) }));
    this.avoidable = avoidableOf(policy);
  }

  screen(request: RequestWords): Finding {
    const text = joinedText(request, this.avoidable);
    const [plain = '', ...others] = readings(text);
    const views = new Views(this.glasses, this.reach);
    const seen = views.conceptsOf(plain);
    const first = this.firstRule(seen);
    if (first && this.isGravest(first)) return refusal(first, confidencePlain);
    // Concepts of all readings count together: half of a request may be disguised, half plain.
    const all = others.reduce((set, reading) => set | views.conceptsOf(reading), seen);
    const layers = encodedLayers(text);
    if (views.isRotated) layers.push(rotated(text.toLowerCase()));
    const rule = this.firstRule(all | encodedConcepts(layers, views));
    if (!rule) return isUnread(text) || layers.some(isUnreadInside) ? unreadable : passed;
    return refusal(rule, rule === first ? confidencePlain : confidenceHidden);
  }

  /** Whatever else a text says, this rule comes first. */
  private isGravest(rule: Rule): boolean {
    return rule === this.rules[0]?.rule;
  }

  private firstRule(seen: ConceptSet): Rule | undefined {
    return this.rules.find(({ all }) => all.every((group) => (group & seen) !== 0))?.rule;
  }
}

const refusal = ({ id, category }: Rule, confidence: number): Finding => ({
  verdict: 'block',
  ruleId: id,
  category,
  confidence,
});

const encodedConcepts = (layers: readonly string[], views: Views): ConceptSet =>
  layers.flatMap(readings).reduce((set, reading) => set | views.conceptsOf(reading), 0);
