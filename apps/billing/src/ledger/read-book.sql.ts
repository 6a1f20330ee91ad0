import type { Rows, Statement } from '@safelight/postgres';
import { emptyDraft, type Book } from './book.js';
import { budgetsFrom, type StoredBudget } from './budgets.js';
import { addFound, type FoundRow } from './found-row.js';
import type { LedgerCommand } from './ledger.js';
import { lotsFrom, type StoredLot } from './stored-lots.js';
import { topUpIdOf, transactionId } from './transaction.js';

/**
 * All that a batch needs to know, in one statement and so from one snapshot: the transactions asked
 * for by id, what was undone of those that may be undone, and the newest transaction of every account
 * that may be touched. `limit 1` in each look-up keeps the plan, made once per connection, on the
 * indexes. A head's time is rounded up, so that nothing is recorded before it.
 */
const text = `
with found as materialized (
  select t.* from json_array_elements_text($1) asked (id)
  cross join lateral (select * from billing.transactions t where t.id = asked.id limit 1) t
), asked_accounts as materialized (
  select json_array_elements_text($2) as account_id union select account_id from found
)
select
  floor(extract(epoch from clock_timestamp()) * 1000)::float8,
  (select json_agg(json_build_array(kind, id, account_id, available_micros::text,
     held_micros::text, revenue_micros::text, item, price_version,
     floor(extract(epoch from expires_at) * 1000), paid_micros::text, lots_moved,
     promotions_micros::text, payments_micros::text, refunds_micros::text, losses_micros::text,
     refers_to, metadata ->> 'reason', key_id, sequence,
     floor(extract(epoch from recorded_at) * 1000), metadata ->> 'daily',
     metadata ->> 'monthly'))
   from found),
  (select json_agg(json_build_array(asked.account_id, head.sequence,
     head.available_after_micros::text, head.held_after_micros::text,
     head.paid_after_micros::text, head.lots_after,
     ceil(extract(epoch from head.recorded_at) * 1000), head.budgets_after))
   from asked_accounts asked
   cross join lateral (
     select * from billing.transactions t where t.account_id = asked.account_id
     order by t.sequence desc limit 1) head),
  (select json_agg(json_build_array(undone.refers_to, undone.micros) order by undone.sequence)
   from json_array_elements_text($3) asked (id)
   cross join lateral (
     select t.refers_to, t.sequence, (case t.kind when 'refund' then -t.refunds_micros
       else t.promotions_micros + t.payments_micros end)::text as micros
     from billing.transactions t where t.refers_to = asked.id) undone)`;

type HeadRow = [
  accountId: string,
  sequence: number,
  available: string,
  held: string,
  paid: string,
  lots: StoredLot[] | null,
  recordedAtMs: number,
  budgets: StoredBudget[] | null,
];
type UndoneRow = [undoneId: string, micros: string];
type BookRow = [
  nowMs: number,
  found: FoundRow[] | null,
  heads: HeadRow[] | null,
  undone: UndoneRow[] | null,
];

/** Reads the part of the ledger that `commands` are about, as it is committed now. */
export function readStatement(commands: readonly LedgerCommand[]): Statement {
  const ids = new Set<string>();
  const accounts = new Set<string>();
  const undone = new Set<string>();
  for (const command of commands) {
    for (const id of idsOf(command)) ids.add(id);
    const undoes = undoneBy(command);
    if (undoes !== undefined) undone.add(undoes);
    if ('accountId' in command) accounts.add(command.accountId);
  }
  const values = [ids, accounts, undone].map((set) => JSON.stringify([...set]));
  return { name: 'billing-read-book', text, values };
}

/** The ids of all transactions that a command may depend on. */
function idsOf(command: LedgerCommand): string[] {
  switch (command.type) {
    case 'GrantCredits':
      return [transactionId.grant(command.grantId)];
    case 'TopUpCredits':
      return [transactionId.topUp(topUpIdOf(command.provider, command.paymentId))];
    case 'PlaceHold':
    case 'CaptureHold':
    case 'VoidHold':
    case 'ExpireHold':
      return [transactionId.hold(command.holdId), transactionId.settlement(command.holdId)];
    case 'RefundCharge': {
      const { refundId, holdId } = command;
      const charge = [transactionId.hold(holdId), transactionId.settlement(holdId)];
      return [transactionId.refund(refundId), ...charge];
    }
    case 'ReverseTransaction':
      return [transactionId.reversal(command.reversalId), command.transactionId];
    case 'AdjustBalance':
      return [transactionId.adjustment(command.adjustmentId)];
    case 'SetBudget':
      return [transactionId.budget(command.changeId)];
    case 'ExpireGrant':
      return [transactionId.grant(command.grantId), transactionId.grantExpiry(command.grantId)];
  }
}

function undoneBy(command: LedgerCommand): string | undefined {
  if (command.type === 'RefundCharge') return transactionId.settlement(command.holdId);
  return command.type === 'ReverseTransaction' ? command.transactionId : undefined;
}

/** The book in the answer to `readStatement`. */
export function bookFrom(rows: Rows): Book {
  const row = rows[0] as BookRow | undefined;
  if (!row) throw new Error('the book could not be read');
  const [nowMs, found, heads, undone] = row;
  const draft = emptyDraft(nowMs);
  for (const one of found ?? []) addFound(draft, one);
  for (const row of heads ?? []) {
    const [accountId, sequence, available, held, paid, stored, recordedAtMs, budgets] = row;
    const [availableMicros, paidMicros] = [BigInt(available), BigInt(paid)];
    const expiring = lotsFrom(stored);
    const expiringMicros = expiring.reduce((sum, { micros }) => sum + micros, 0n);
    const promotionalMicros = availableMicros - paidMicros - expiringMicros;
    const lots = { paidMicros, promotionalMicros, expiring };
    const heldMicros = BigInt(held);
    const balance = { sequence, availableMicros, heldMicros, lots, recordedAtMs };
    draft.heads.set(accountId, { ...balance, budgets: budgetsFrom(budgets) });
  }
  for (const [undoneId, micros] of undone ?? []) {
    draft.undone.set(undoneId, [...(draft.undone.get(undoneId) ?? []), BigInt(micros)]);
  }
  return draft;
}
