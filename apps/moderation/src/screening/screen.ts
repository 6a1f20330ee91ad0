import type { PolicyDocument, Rule } from '../policy/policy.js';
import type { CompiledCompound } from './compounds.js';
import { compiledCompound, meaningOf } from './compounds.js';
import { decoded } from './encodings.js';
import { hitsIn, unspacedHits } from './find.js';
import type { ConceptSet, Lexicon } from './lexicon.js';
import { lexiconOf, setOf } from './lexicon.js';
import { readings, squeezed } from './normalise.js';
import type { Avoidable, RequestWords } from './request.js';
import {
  avoidableOf,
  fieldsExchanged,
  joinedText,
  negativeFirst,
  wordsOfRequest,
} from './request.js';
import { isUnread, isUnreadInside } from './scripts.js';
import { segmentedWords } from './segments.js';
import { reversedWords } from './words.js';

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
const deepestEncoding = 3;
const unspacedScript = /[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/;
/** No verdict: letters that nobody here reads. */
export const unreadable: Finding = {
  ...{ verdict: 'block', ruleId: 'F6', category: 'unreadable', confidence: 90 },
};

/** Screens the words of requests by one policy. Pure; time grows with the length of the text only. */
export class PromptScreen {
  private readonly lexicon: Lexicon;
  private readonly compounds: readonly CompiledCompound[];
  private readonly rules: readonly { readonly rule: Rule; readonly all: readonly ConceptSet[] }[];
  private readonly avoidable: Avoidable;

  /** @param names living people whom no sexual context may name. */
  constructor(policy: PolicyDocument, names: readonly string[] = []) {
    this.lexicon = lexiconOf(policy, names);
    this.compounds = policy.compounds.map(compiledCompound);
    this.rules = policy.rules.map((rule) => ({ rule, all: rule.all.map(setOf) }));
    this.avoidable = avoidableOf(policy);
  }

  screen(request: RequestWords): Finding {
    const text = joinedText(request, this.avoidable);
    const [plain = '', ...others] = readings(text);
    const seen = this.conceptsOf(plain);
    const first = this.firstRule(seen);
    if (first?.id === this.rules[0]?.rule.id && first) return refusal(first, confidencePlain);
    // Concepts of all readings count together: half of a request may be disguised, half plain.
    const all = others.reduce((set, reading) => set | this.conceptsOf(reading), seen);
    const rule = this.firstRule(all | this.encodedConcepts(text, deepestEncoding));
    if (!rule) return this.isUnread(text) ? unreadable : passed;
    return refusal(rule, rule === first ? confidencePlain : confidenceHidden);
  }

  /** Concepts in one reading: forwards, backwards, word by word backwards, fields exchanged. */
  private conceptsOf(reading: string): ConceptSet {
    const words = segmentedWords(wordsOfRequest(reading), this.lexicon.known);
    const backwards = reversedWords(words);
    const orders = [words, backwards, [...backwards].reverse()];
    if (words.some(({ item }) => item > 0)) orders.push(negativeFirst(words));
    const found = orders.reduce(
      (set, order) => set | meaningOf(hitsIn(order, this.lexicon), this.compounds),
      0,
    );
    if (!unspacedScript.test(reading)) return found;
    return denseTexts(reading).reduce(
      (set, dense) => set | meaningOf(unspacedHits(dense, this.lexicon), this.compounds),
      found,
    );
  }

  /** Also in what is encoded: `&#4304;` says as much as the letter. */
  private isUnread(text: string, depth = deepestEncoding): boolean {
    if (depth === deepestEncoding && isUnread(text)) return true;
    const inner = depth > 0 ? decoded(text) : undefined;
    if (inner === undefined) return false;
    return isUnreadInside(inner) || this.isUnread(inner, depth - 1);
  }

  private encodedConcepts(text: string, depth: number): ConceptSet {
    const inner = depth > 0 ? decoded(text) : undefined;
    if (inner === undefined) return 0;
    const here = readings(inner).reduce((set, reading) => set | this.conceptsOf(reading), 0);
    return here | this.encodedConcepts(inner, depth - 1);
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

/** A text without spaces as it stands, backwards, with its fields exchanged, and each with letters once. */
function denseTexts(reading: string): string[] {
  const orders = [reading, fieldsExchanged(reading)];
  const all = orders.flatMap((text) => [text, Array.from(text).reverse().join('')]);
  return [...new Set(all.flatMap((text) => [text, squeezed(text)]))];
}
