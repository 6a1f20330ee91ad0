import type pg from 'pg';

/** What a forger writes, past all of our code; sound unless it says otherwise. */
export const grantOf5 = {
  id: 'grant:forged',
  kind: 'grant',
  account_id: 'ann',
  sequence: 4,
  available_micros: 5,
  held_micros: 0,
  promotions_micros: -5,
  payments_micros: 0,
  revenue_micros: 0,
  refunds_micros: 0,
  available_after_micros: 13,
  held_after_micros: 0,
  paid_micros: 0,
  paid_after_micros: 0,
  metadata: '{}',
};
export const holdOf8 = {
  ...grantOf5,
  id: 'hold:forged',
  kind: 'hold',
  available_micros: -8,
  held_micros: 8,
  promotions_micros: 0,
  available_after_micros: 0,
  held_after_micros: 8,
  item: 'picture',
  price_version: 'v1',
  expires_at: '2100-01-01',
};
export const settlement = {
  ...grantOf5,
  id: 'settle:openbob',
  kind: 'voided',
  account_id: 'bob',
  sequence: 3,
  available_micros: 3,
  held_micros: -3,
  promotions_micros: 0,
  available_after_micros: 10,
};
export const topUpOf5 = {
  ...grantOf5,
  id: 'topup:bank:1',
  kind: 'topup',
  promotions_micros: 0,
  payments_micros: -5,
  paid_micros: 5,
  paid_after_micros: 5,
  metadata: '{"provider": "bank", "paymentId": "1"}',
};
export const refundOf2 = {
  ...grantOf5,
  id: 'refund:forged',
  kind: 'refund',
  available_micros: 2,
  promotions_micros: 0,
  refunds_micros: -2,
  available_after_micros: 10,
  refers_to: 'settle:job',
};
/** All that ann has of her first grant. */
export const reversalOf8 = {
  ...grantOf5,
  id: 'reverse:forged',
  kind: 'reversal',
  available_micros: -8,
  losses_micros: 0,
  promotions_micros: 8,
  available_after_micros: 0,
  refers_to: 'grant:first-ann',
};
export const adjustmentOf5 = {
  ...grantOf5,
  id: 'adjust:forged',
  kind: 'adjustment',
  promotions_micros: 0,
  adjustments_micros: -5,
  metadata: '{"reason": "goodwill"}',
};
export type Row = Readonly<Record<string, string | number | null>>;

/** Inserts rows, all of them or none. */
export function forgeRows(pool: pg.Pool, ...rows: Row[]) {
  const columns = Object.keys(rows[0]!);
  const places = rows.map(
    (_, row) => `(${columns.map((_, n) => `$${row * columns.length + n + 1}`).join(', ')})`,
  );
  const text = `insert into billing.transactions (${columns.join(', ')}) values ${places.join(', ')}`;
  return pool.query(
    text,
    rows.flatMap((row) => columns.map((column) => row[column])),
  );
}
