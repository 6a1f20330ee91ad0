import type { PolicyDocument, Rule } from '../policy/policy.js';
import type { Chunks, Reach } from './changed-parts.js';
import { changedParts, chunksOf, reachOfChange } from './changed-parts.js';
import { compiledCompound } from './compounds.js';
import { encodedLayers } from './encodings.js';
import type { ConceptSet } from './lexicon.js';
import { lexiconOf, setOf } from './lexicon.js';
import { readings } from './normalise.js';
import type { Avoidable, RequestWords } from './request.js';
import { avoidableOf, boundary, joinedText } from './request.js';
import { isUnread, isUnreadInside } from './scripts.js';
import { rotated, withVowels } from './spelling.js';
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
  private readonly reachOfChange: Reach;
  private readonly rules: readonly { readonly rule: Rule; readonly all: readonly ConceptSet[] }[];
  private readonly avoidable: Avoidable;

  /** @param names living people whom no sexual context may name. */
  constructor(policy: PolicyDocument, names: readonly string[] = []) {
    const lexicon = lexiconOf(policy, names);
    const compounds = policy.compounds.map(compiledCompound);
    this.glasses = { lexicon, tokens: new Tokens(lexicon), compounds };
    this.reach = reachOf(this.glasses);
    this.reachOfChange = reachOfChange(this.glasses);
    this.rules = policy.rules.map((rule) => ({ rule, all: rule.all.map(setOf) }));
    this.avoidable = avoidableOf(policy);
  }

  screen(request: RequestWords): Finding {
    const text = joinedText(request, this.avoidable);
    const all = readings(text);
    const [plain = ''] = all;
    const views = new Views(this.glasses, this.reach);
    const seen = views.conceptsOf(plain);
    const first = this.firstRule(seen);
    if (first && this.isGravest(first)) return refusal(first, confidencePlain);
    // Concepts of all readings count together: half of a request may be disguised, half plain.
    const looked = new Looked(views, this.reachOfChange, plain);
    const others = [...all.slice(1), ...withVowels(plain, this.glasses.lexicon.spelling)];
    const found = looked.at(others, seen);
    const layers = encodedLayers(text);
    if (views.isRotated) layers.push(rotated(text.toLowerCase()));
    const rule = this.firstRule(
      layers.map(readings).reduce((set, one) => looked.at(one, set), found),
    );
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

/** The readings of one request, of which only what each changes is looked at. */
class Looked {
  private readonly earlier: Chunks[];

  constructor(
    private readonly views: Views,
    private readonly reach: Reach,
    /** Looked at already. */
    plain: string,
  ) {
    this.earlier = [chunksOf(plain)];
  }

  /** The concepts in these readings, besides those `seen`. */
  at(readings: readonly string[], seen: ConceptSet): ConceptSet {
    let found = seen;
    for (const [index, reading] of readings.entries()) {
      const chunks = chunksOf(reading);
      for (const part of this.parts(reading, chunks, index)) found |= this.views.conceptsOf(part);
      this.earlier.push(chunks);
    }
    return found;
  }

  private parts(reading: string, chunks: Chunks, index: number): string[] {
    // Which item of the negative prompt a word belongs to is told by the whole text alone.
    if (reading.includes(boundary)) return [reading];
    const { earlier } = this;
    const likely = new Set([...earlier.slice(0, 1), ...earlier.slice(index + 1, index + 2)]);
    return changedParts(chunks, [...likely, ...earlier.slice(-mostAlike)], this.reach);
  }
}

/** The readings before one that differ from it in less than most. */
const mostAlike = 2;
