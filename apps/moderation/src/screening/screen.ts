import type { PolicyDocument, Rule } from '../policy/policy.js';
import type { CompiledCompound } from './compounds.js';
import { compiledCompound, meaningOf } from './compounds.js';
import { decoded } from './encodings.js';
import { hitsIn } from './find.js';
import type { ConceptSet, Lexicon } from './lexicon.js';
import { lexiconOf, setOf } from './lexicon.js';
import { readings } from './normalise.js';
import type { Avoidable, RequestWords } from './request.js';
import { avoidableOf, joinedText, negativeFirst, wordsOfRequest } from './request.js';
import { isUnread, isUnreadInside } from './scripts.js';
import { Tokens } from './tokens.js';
import { unspacedReadings } from './unspaced.js';
import type { Word } from './words.js';
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
/** No verdict: letters that nobody here reads. */
export const unreadable: Finding = {
  ...{ verdict: 'block', ruleId: 'F6', category: 'unreadable', confidence: 90 },
};

/** Screens the words of requests by one policy. Pure; time grows with the length of the text only. */
export class PromptScreen {
  private readonly lexicon: Lexicon;
  private readonly tokens: Tokens;
  private readonly compounds: readonly CompiledCompound[];
  private readonly rules: readonly { readonly rule: Rule; readonly all: readonly ConceptSet[] }[];
  private readonly avoidable: Avoidable;

  /** @param names living people whom no sexual context may name. */
  constructor(policy: PolicyDocument, names: readonly string[] = []) {
    this.lexicon = lexiconOf(policy, names);
    this.tokens = new Tokens(this.lexicon);
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
    const layers = encodedLayers(text);
    const rule = this.firstRule(all | this.encodedConcepts(layers));
    if (!rule) return isUnread(text) || layers.some(isUnreadInside) ? unreadable : passed;
    return refusal(rule, rule === first ? confidencePlain : confidenceHidden);
  }

  /** Concepts in one reading: forwards, backwards, word by word backwards, fields exchanged. */
  private conceptsOf(reading: string): ConceptSet {
    const words = takenApart(wordsOfRequest(reading, this.tokens));
    const backwards = reversedWords(words);
    const orders = [words, backwards, [...backwards].reverse()];
    if (words.some(({ item }) => item > 0)) orders.push(negativeFirst(words));
    const found = orders.reduce(
      (set, order) => set | meaningOf(hitsIn(order, this.lexicon), this.compounds),
      0,
    );
    return unspacedReadings(reading, this.lexicon).reduce(
      (set, hits) => set | meaningOf(hits, this.compounds),
      found,
    );
  }

  private encodedConcepts(layers: readonly string[]): ConceptSet {
    return layers
      .flatMap((layer) => readings(layer))
      .reduce((set, reading) => set | this.conceptsOf(reading), 0);
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

/** What is encoded in the text, layer in layer: `&#4304;` says as much as the letter. */
function encodedLayers(text: string): string[] {
  const layers: string[] = [];
  for (let inner = decoded(text); inner !== undefined; inner = decoded(inner)) {
    layers.push(inner);
    if (layers.length >= deepestEncoding) break;
  }
  return layers;
}

/** Words that are nothing but known words run together, each as those. */
function takenApart(words: readonly Word[]): readonly Word[] {
  if (words.every(({ token }) => token.parts.length === 1)) return words;
  return words.flatMap((word) => word.token.parts.map((token) => ({ ...word, token })));
}
