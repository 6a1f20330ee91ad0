/**
 * What the ledger does for purchases. Every id is permanent: asking twice does it once, with the
 * same answer.
 */
export interface Purchases {
  /** Credits that were paid for. */
  credit(wish: CreditWish): Promise<void>;
  /**
   * Takes credits of a top-up back, as far as the account still has them.
   * @returns what was taken, at most `amountMicros`
   */
  takeBack(wish: CreditWish): Promise<bigint>;
}

export interface CreditWish {
  readonly id: string;
  readonly topUpId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  /** The provider and what it is about, for the ledger's own record. */
  readonly payment: string;
  readonly reason: string;
}
