import {
  formatCents,
  formatCredits,
  type StatementBalance,
  type StatementLineResource,
} from '@safelight/contracts';
import { presentLines } from '../jobs/price-lines.js';
import { lineTypes, ownedIn, type Movement, type Sum } from './movements.js';
import type { Statement } from './statement.js';

/** One JSON document, a part of it at a time. */
export async function* asJson({ accountId, month, head, movements }: Statement) {
  const { from, to, asOf, opening, closing } = head;
  const start = {
    ...{ account_id: accountId, month, period: { from, to } },
    status: asOf === null ? 'final' : 'preliminary',
    ...{ as_of: asOf, opening: presentOwned(opening) },
  };
  yield `{"data":${JSON.stringify(start).slice(0, -1)},"lines":[`;
  let separator = '';
  for await (const page of movements.pages()) {
    if (page.length === 0) continue;
    yield separator + page.map((one) => JSON.stringify(presentLine(one))).join(',');
    separator = ',';
  }
  const totals = Object.fromEntries(
    lineTypes.map((type) => [type, presentSum(movements.totals[type])]),
  );
  const end = { totals, closing: presentOwned(closing) };
  yield `],${JSON.stringify(end).slice(1)},"meta":{}}`;
}

const presentSum = ({ amountMicros, paidMicros }: Sum) => ({
  amount: formatCredits(amountMicros),
  paid: formatCredits(paidMicros),
  promotional: formatCredits(amountMicros - paidMicros),
});

function presentOwned(balance: StatementBalance) {
  const { amount: total, paid, promotional } = presentSum(ownedIn(balance));
  const { availableMicros, heldMicros } = balance;
  const now = { available: formatCredits(availableMicros), held: formatCredits(heldMicros) };
  return { total, ...now, paid, promotional };
}

export function presentLine({ line, balanceMicros }: Movement): StatementLineResource {
  const { sequence: entry, type, at, subject, jobId: job_id, reason, cents } = line;
  return {
    ...{ entry, type, at, subject, job_id },
    ...presentSum(line),
    balance: formatCredits(balanceMicros),
    ...{ reason, usd: cents === null ? null : formatCents(Number(cents)) },
    charge: line.charge && presentCharge(line.charge),
  };
}

function presentCharge(charge: NonNullable<Movement['line']['charge']>) {
  const { item, keyId: key_id, priceVersion: price_version, earned, lines } = charge;
  const { operation = null, model = null, lane = null } = item ?? {};
  const images = earned && { delivered: earned.numerator, asked: earned.denominator };
  return {
    ...{ operation, model, lane, key_id, price_version, images },
    lines: presentLines(lines),
  };
}
