/**
 * The chart of ledger accounts: every place where value may sit, and nothing else. A balance is
 * what came in minus what went out, so everything ever given away stands against `promotions`.
 * Each has a column in the table of transactions, `<name>_micros`, for what a transaction moves.
 * `docs/ledger.md` says what each kind of transaction moves between them.
 */

/** The platform's own ledger accounts: derived by summing transactions, never one hot row. */
export const platformLedgerAccounts = {
  promotions: 'Where given credits come from: minus all that was granted and did not expire.',
  payments: 'Where bought credits come from: minus all that was topped up and not charged back.',
  revenue: 'What customers have paid for work that was done.',
  refunds: 'Captured credits that were given back: minus all of them.',
  adjustments: 'What was corrected by hand, for a named reason: minus what customers gained by it.',
  losses: 'Reversed credits that were spent already: minus what could not be taken back.',
} as const;

/** Each customer's own two; they never go below zero. */
export const customerLedgerAccounts = {
  available: 'Credits the customer may spend.',
  held: 'Credits set aside for jobs that have not ended.',
} as const;

/** A customer's is that of the one account which a transaction concerns. */
export type LedgerAccount =
  | keyof typeof platformLedgerAccounts
  | keyof typeof customerLedgerAccounts;
