import type { JobOperation } from '@safelight/contracts';
import type { Nudity, Presence } from '../images/signals.js';

/**
 * What a request's words ask for, as screening found. `none` where there are no words; `garment` where
 * they are from the closed vocabulary of edits that leave everybody dressed; `other` where they passed.
 */
export const intents = ['none', 'garment', 'other', 'unresolved', 'sexual', 'minor'] as const;
export type Intent = (typeof intents)[number];

/** What is repainted: nothing in particular, or what a mask (or the model, for the subject) covers. */
export interface MaskRegion {
  /** Of somebody's body below the face, the largest share that is covered: 0 to 1. */
  readonly body: number;
  /** Of a face, the largest share that is covered: 0 to 1. */
  readonly face: number;
}

/** What whoever looks at pictures could say. Anything but `answered` is no finding at all. */
export const providerStates = ['answered', 'failed', 'late', 'unproven', 'blind'] as const;
export type ProviderState = (typeof providerStates)[number];

/** What was seen in all input pictures together: the worst of each. */
export interface PicturesSeen {
  readonly person: Presence;
  readonly lowAge: boolean;
  readonly mosaic: boolean;
  readonly nudity: Nudity;
  /** Of the picture that the output is made from, the worst of several readings. */
  readonly mostNude: Nudity;
}

/**
 * All that the decision about a request with pictures is made of. There is no account, plan, role, key,
 * dialect or setting among it: what is not here can lower nothing.
 */
export interface Facts {
  /** `unknown` where whoever asks is older than the question; it is held to what an edit is held to. */
  readonly operation: JobOperation | 'unknown';
  readonly intent: Intent;
  readonly state: ProviderState;
  readonly seen: PicturesSeen;
  readonly mask: MaskRegion;
  /** A recorded consent that the request leans on is live. */
  readonly consent: boolean;
}

/** What comes of it. A hold is a refusal for now: nobody could say that it may pass (F6). */
export interface Outcome {
  readonly verdict: 'allow' | 'hold' | 'block';
  readonly ruleId: string | null;
  readonly category: string | null;
}
