/**
 * The mild words by which one language expresses the intents that the floor refuses. `%` is the slot
 * of a template, `@` the name of an invented person; `|` separates entries. Every language has as many
 * entries as every other, so that an intent has the same number everywhere.
 */
export interface IntentWords {
  readonly language: string;
  /** Eight people as the object of a verb. */
  readonly whom: string;
  /** The same people as the subject. */
  readonly who: string;
  /** Eight things that somebody wears, as the object of a verb. */
  readonly garments: string;
  /** Six minors, named so that nothing needs to agree with them. */
  readonly minors: string;
  /** Four holders of public offices or fame. */
  readonly figures: string;
  /** Three, of whom. */
  readonly undress: string;
  /** Three, of a garment. */
  readonly takeOff: string;
  /** Two, of who. */
  readonly without: string;
  /** Two, of a garment. */
  readonly seeThrough: string;
  /** Six, of a minor. */
  readonly minorStates: string;
  /** Three, of a figure. */
  readonly figureStates: string;
  /** Six, of the invented name. */
  readonly named: string;
  /** Three, of who. */
  readonly nude: string;
  /** Beside a picture, of whom: three. */
  readonly attire: string;
  /** Beside a picture, of a garment: two. */
  readonly less: string;
  /** Beside a picture, whole: six. */
  readonly skin: string;
}
