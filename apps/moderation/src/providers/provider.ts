import type { Signals } from '../decisions/signals.js';

/** The name of whoever measures in this process. */
export const LOCAL = 'local';

/** What is looked at: words before a job begins, or a picture that was made. */
export type Stage = 'prompt' | 'output';

export type Artefact =
  | {
      readonly kind: 'words';
      readonly prompt: string;
      readonly negativePrompt: string;
      /** The request brings a picture: the stricter scores are told. */
      readonly besidePicture: boolean;
    }
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly mediaType: string };

export interface Question {
  readonly stage: Stage;
  readonly artefact: Artefact;
  /** Aborts when nobody waits any more. */
  readonly deadline: AbortSignal;
}

/**
 * Somebody who measures. Providers tell signals; the policy alone decides, and the highest score of all
 * counts, so a provider can only add risk.
 */
export interface Provider {
  /** For receipts: name, and what measures behind it. */
  readonly name: string;
  readonly model: string;
  readonly stages: readonly Stage[];
  /** Milliseconds. */
  readonly patienceMs: number;
  /** Anything thrown, and anything late, counts as no verdict (policy F6). */
  readonly evaluate: (question: Question) => Promise<Signals>;
}

/** A provider did not say what it measures: there is no verdict. */
export class ProviderIndeterminate extends Error {
  readonly code = 'provider.indeterminate';
  constructor(provider: string, why: string, options?: ErrorOptions) {
    super(`${provider} has no verdict: ${why}`, options);
    this.name = 'ProviderIndeterminate';
  }
}
