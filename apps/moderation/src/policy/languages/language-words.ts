import type { PolicyDocument } from '../policy.js';

/** What a group of languages adds to the floor's words. */
export type LanguageWords = PolicyDocument['vocabulary'];

export const words = (list: string): string[] => list.split(' ');

/** Each word with each of the particles that are written together with it. */
export const attached = (particles: readonly string[], list: readonly string[]): string[] =>
  list.flatMap((word) => ['', ...particles].map((particle) => particle + word));
