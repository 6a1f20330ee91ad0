/** Harmless scenes of one language that clumsy filters trip over; `|` separates entries. */
export interface BenignWords {
  readonly language: string;
  /** Eight each, six where not said otherwise. */
  readonly medicine: string;
  readonly art: string;
  readonly swimwear: string;
  readonly parties: string;
  readonly breastfeeding: string;
  readonly sculpture: string;
  /** Eight edits of a picture of somebody who stays dressed; screened beside a picture. */
  readonly fashion: string;
  /** Six settings that go with each scene. */
  readonly settings: string;
}
