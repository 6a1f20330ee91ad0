/** What is wrong with a price document, and where in it. */
export interface PriceFault {
  /** `rules/2/credits`; empty for the whole. */
  readonly at: string;
  readonly message: string;
}
