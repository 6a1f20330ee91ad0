import { formatCredits, type StatementBalance } from '@safelight/contracts';
import { presentLine } from './as-json.js';
import { csvRow, Exact, type Field } from './csv-row.js';
import { ownedIn, type Movement } from './movements.js';
import type { Statement } from './statement.js';

const columns = [
  ...['entry', 'type', 'at', 'amount', 'paid', 'promotional', 'balance', 'usd'],
  ...['subject_type', 'subject_id', 'job_id', 'operation', 'model', 'lane', 'key_id'],
  ...['images_delivered', 'images_asked', 'price_version', 'price_lines', 'reason', 'status'],
];

/** The opening balance, a record for each movement, and the closing balance. */
export async function* asCsv({ head, movements }: Statement) {
  const status = head.asOf === null ? 'final' : 'preliminary';
  const from = boundary('opening_balance', head.from, head.opening, status);
  yield csvRow(columns) + csvRow(from);
  for await (const page of movements.pages()) {
    yield page.map((one) => csvRow([...fieldsOf(one), status])).join('');
  }
  yield csvRow(boundary('closing_balance', head.asOf ?? head.to, head.closing, status));
}

/** What was there then, of which kinds; it moves nothing. */
function boundary(type: string, at: string, balance: StatementBalance, status: string): Field[] {
  const { amountMicros, paidMicros } = ownedIn(balance);
  const held = [credits(paidMicros), credits(amountMicros - paidMicros), credits(amountMicros)];
  const rest = columns.slice(8).map(() => null);
  return [null, type, at, null, ...held, null, ...rest.slice(1), status];
}

function fieldsOf(movement: Movement): Field[] {
  const told = presentLine(movement);
  const { charge, subject } = told;
  return [
    ...[told.entry, told.type, told.at],
    ...[told.amount, told.paid, told.promotional, told.balance].map((text) => new Exact(text)),
    told.usd === null ? null : new Exact(told.usd),
    ...[subject.type, subject.id, told.job_id],
    ...[charge?.operation, charge?.model, charge?.lane, charge?.key_id].map(orNothing),
    ...[charge?.images?.delivered, charge?.images?.asked, charge?.price_version].map(orNothing),
    ...[charge && charge.lines.length > 0 ? JSON.stringify(charge.lines) : null, told.reason],
  ];
}

const orNothing = (value: string | number | null | undefined): Field => value ?? null;
const credits = (micros: bigint): Exact => new Exact(formatCredits(micros));
