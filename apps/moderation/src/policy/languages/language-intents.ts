import type { PolicyDocument } from '../policy.js';

/** Where words come from: shown in the docs, and to be changed by who reviews them. */
export interface Provenance {
  readonly written: 'by rule';
  readonly nativeReview: 'pending' | { readonly by: string; readonly on: string };
}

export const unreviewed: Provenance = { written: 'by rule', nativeReview: 'pending' };

/** What one language needs, beyond its words for minors and nakedness, to express the floor's intents. */
export interface LanguageIntents {
  /** ISO 639-1. */
  readonly language: string;
  readonly provenance: Provenance;
  readonly words: PolicyDocument['vocabulary'];
  readonly unspaced?: PolicyDocument['unspaced'];
  /** Read beside a picture only. */
  readonly besidePicture: PolicyDocument['vocabulary'];
  readonly unspacedBesidePicture?: PolicyDocument['unspaced'];
}
