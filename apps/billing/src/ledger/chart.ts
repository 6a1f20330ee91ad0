/**
 * The chart of ledger accounts: every place where value may sit, and nothing else. A balance is
 * what came in minus what went out, so everything ever given away stands against `promotions`.
 */

/** The platform's own ledger accounts: derived by summing entries, never one hot row. */
export const platformLedgerAccounts = {
  promotions: 'Where given credits come from: minus everything ever granted.',
  payments: 'Where bought credits come from: minus everything ever topped up. Reserved.',
  revenue: 'What customers have paid for work that was done.',
  refunds: 'Captured credits that were given back. Reserved.',
} as const;

/** Each customer's ledger accounts, named `<side>:<account id>`; they never go below zero. */
export const customerLedgerAccounts = {
  available: 'Credits the customer may spend.',
  held: 'Credits set aside for jobs that have not ended.',
} as const;

export type PlatformLedgerAccount = keyof typeof platformLedgerAccounts;
export type CustomerLedgerAccount = `${keyof typeof customerLedgerAccounts}:${string}`;
export type LedgerAccount = PlatformLedgerAccount | CustomerLedgerAccount;

export const availableOf = (accountId: string): CustomerLedgerAccount => `available:${accountId}`;
export const heldOf = (accountId: string): CustomerLedgerAccount => `held:${accountId}`;

/** Whether a ledger account belongs to a customer, and so carries a sequence and a balance. */
export function isCustomerLedgerAccount(name: LedgerAccount): name is CustomerLedgerAccount {
  return name.includes(':');
}
