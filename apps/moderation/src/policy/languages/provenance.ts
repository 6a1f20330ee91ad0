/** Where words come from: shown in the docs, and to be changed by who reviews them. */
export interface Provenance {
  readonly written: 'by rule';
  readonly nativeReview: 'pending' | { readonly by: string; readonly on: string };
}

export const unreviewed: Provenance = { written: 'by rule', nativeReview: 'pending' };
