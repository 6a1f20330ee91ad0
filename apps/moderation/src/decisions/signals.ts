import type { Concept } from '../policy/policy.js';
import type { Judgement } from './judgement.js';

/** What somebody measured: 0 (surely not) to 1 (surely). */
export interface Score {
  readonly score: number;
  /** Who measured: `local`, or the name that a provider has in the settings. */
  readonly provider: string;
  /** Name and version, with the digest of the weights where there are some. */
  readonly model: string;
}

/** Which words and rules a text is held to. */
export type TextScreen = 'words' | 'words-beside-picture' | 'unwanted-beside-picture';

/** What a text is about; never a word of it. */
export interface TextSignals {
  readonly by: TextScreen;
  /** As it is written. Nothing was looked at further where this is refused for the gravest reason. */
  readonly plain: readonly Concept[];
  /** In all readings together. */
  readonly found: readonly Concept[];
  /** It has letters that nobody here reads. */
  readonly unread: boolean;
}

/**
 * What a decision is made from, and can be made from again: no content. Kept with every decision, so a
 * name in here keeps its meaning for ever; what means something else gets another name.
 */
export interface Signals {
  /** What compiled checks concluded by themselves: known pictures, broken claims, combinations. */
  readonly findings: readonly Finding[];
  readonly texts: readonly TextSignals[];
  /** By a code of our own, like `input.person` or `output.nudity`: who measures next adds a record. */
  readonly scores: Readonly<Record<string, Score>>;
}

/** A compiled check's conclusion. */
export type Finding = Judgement & { readonly ruleId: string; readonly category: string };

export const noSignals: Signals = { findings: [], texts: [], scores: {} };
