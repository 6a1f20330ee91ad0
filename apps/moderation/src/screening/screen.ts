import type { Judgement } from '../decisions/judgement.js';
import { verdictOf } from '../decisions/judgement.js';
import type { TextScreen, TextSignals } from '../decisions/signals.js';
import type { PolicyDocument } from '../policy/policy.js';
import type { Chunks, Reach } from './changed-parts.js';
import { changedParts, chunksOf, reachOfChange } from './changed-parts.js';
import { compiledCompound } from './compounds.js';
import { encodedLayers } from './encodings.js';
import type { ConceptSet } from './lexicon.js';
import { lexiconOf, membersOf } from './lexicon.js';
import { readings } from './normalise.js';
import type { Avoidable, RequestWords } from './request.js';
import { avoidableOf, boundary, joinedText } from './request.js';
import { isUnread, isUnreadInside } from './scripts.js';
import { rotated, withVowels } from './spelling.js';
import { TextRules } from './text-rules.js';
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

/** A judgement in the two words of receipts. */
export function findingOf(judged: Judgement): Finding {
  const { ruleId, category, confidence } = judged;
  return { verdict: verdictOf(judged), ruleId, category, confidence };
}

/** Screens the words of requests by one policy. Pure; time grows with the length of the text only. */
export class PromptScreen {
  private readonly glasses: Glasses;
  private readonly reach: number;
  private readonly reachOfChange: Reach;
  /** What counts of what it finds. */
  readonly rules: TextRules;
  private readonly avoidable: Avoidable;

  /** @param names living people whom no sexual context may name. */
  constructor(
    policy: PolicyDocument,
    names: readonly string[] = [],
    private readonly by: TextScreen = 'words',
  ) {
    const lexicon = lexiconOf(policy, names);
    const compounds = policy.compounds.map(compiledCompound);
    this.glasses = { lexicon, tokens: new Tokens(lexicon), compounds };
    this.reach = reachOf(this.glasses);
    this.reachOfChange = reachOfChange(this.glasses);
    this.rules = new TextRules(policy.rules);
    this.avoidable = avoidableOf(policy);
  }

  screen(request: RequestWords): Finding {
    return findingOf(this.rules.judge(this.measure(request)));
  }

  /** What the words are about, for whatever rules. */
  measure(request: RequestWords): TextSignals {
    const text = joinedText(request, this.avoidable);
    const all = readings(text);
    const [plain = ''] = all;
    const views = new Views(this.glasses, this.reach);
    const seen = views.conceptsOf(plain);
    if (this.rules.isGravest(seen)) return this.signals(seen, seen, false);
    // Concepts of all readings count together: half of a request may be disguised, half plain.
    const looked = new Looked(views, this.reachOfChange, plain);
    const others = [...all.slice(1), ...withVowels(plain, this.glasses.lexicon.spelling)];
    const found = looked.at(others, seen);
    const layers = encodedLayers(text);
    if (views.isRotated) layers.push(rotated(text.toLowerCase()));
    const decoded = layers.map(readings).reduce((set, one) => looked.at(one, set), found);
    return this.signals(seen, decoded, isUnread(text) || layers.some(isUnreadInside));
  }

  private signals(plain: ConceptSet, found: ConceptSet, unread: boolean): TextSignals {
    return { by: this.by, plain: membersOf(plain), found: membersOf(found), unread };
  }
}

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
