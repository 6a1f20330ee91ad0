import { formatCredits } from '@safelight/contracts';
import type { PricePreview } from './operator.js';
import type { Repriced } from './reprice.js';

/** How many accounts are named on each side. */
const NAMED = 10;

type Mover = readonly [accountId: string, sums: Repriced];
interface Sums {
  readonly beforeMicros: bigint;
  readonly afterMicros: bigint;
}

/** The preview for a person to read: totals, who would pay more, and who less. */
export function tellPreview({ version, effectiveFrom, period, accounts }: PricePreview): string[] {
  const all = [...accounts];
  const more = movers(all, (change) => change > 0n);
  const less = movers(all, (change) => change < 0n);
  const total = sumOf(all);
  const jobs = all.reduce((sum, [, { jobs: own }]) => sum + own, 0);
  const same = all.length - more.length - less.length;
  const days = `${dayOf(period.from)} to ${dayOf(period.until)}`;
  return [
    `${version}, in force from ${effectiveFrom}, applied to the jobs of ${days}`,
    `${jobs} jobs of ${all.length} accounts: ${told(total)}`,
    `${more.length} accounts would pay more: ${told(sumOf(more))}`,
    `${less.length} accounts would pay less: ${told(sumOf(less))}`,
    `${same} accounts would pay the same`,
    ...unsoldLines(all),
    ...listed('Would pay more', more),
    ...listed('Would pay less', less),
  ];
}

const changeOf = ({ beforeMicros, afterMicros }: Sums): bigint => afterMicros - beforeMicros;

/** Those on one side, the largest change first; equal ones by name, so that two runs read alike. */
const movers = (all: readonly Mover[], side: (changeMicros: bigint) => boolean): Mover[] =>
  all
    .filter(([, sums]) => side(changeOf(sums)))
    .sort(([a, ours], [b, theirs]) => {
      const [own, other] = [changeOf(ours), changeOf(theirs)].map(absolute);
      if (own !== other) return (own ?? 0n) > (other ?? 0n) ? -1 : 1;
      return a < b ? -1 : 1;
    });

const sumOf = (all: readonly Mover[]): Sums => ({
  beforeMicros: all.reduce((sum, [, { beforeMicros }]) => sum + beforeMicros, 0n),
  afterMicros: all.reduce((sum, [, { afterMicros }]) => sum + afterMicros, 0n),
});

function told(sums: Sums): string {
  const { beforeMicros, afterMicros } = sums;
  const change = changeOf(sums);
  const signed = `${change > 0n ? '+' : ''}${formatCredits(change)}`;
  const share = beforeMicros === 0n ? '' : `, ${percentOf(change, beforeMicros)}`;
  return `${formatCredits(beforeMicros)} credits, now ${formatCredits(afterMicros)} (${signed}${share})`;
}

/** To a tenth of a percent, rounded to the nearest. */
function percentOf(part: bigint, whole: bigint): string {
  const tenths = (absolute(part) * 2_000n + whole) / (whole * 2n);
  const sign = part < 0n ? '-' : '+';
  return `${sign}${(tenths / 10n).toString()}.${(tenths % 10n).toString()} %`;
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

function unsoldLines(all: readonly Mover[]): string[] {
  const affected = all.filter(([, { unsold }]) => unsold > 0);
  if (affected.length === 0) return [];
  const jobs = affected.reduce((sum, [, { unsold }]) => sum + unsold, 0);
  return [
    `${jobs} jobs of ${affected.length} accounts would have no price (in none of the amounts)`,
  ];
}

function listed(title: string, side: readonly Mover[]): string[] {
  if (side.length === 0) return [];
  const named = side
    .slice(0, NAMED)
    .map(([id, sums]) => `  ${id}  ${sums.jobs} jobs: ${told(sums)}`);
  const rest = side.length > NAMED ? [`  and ${side.length - NAMED} more accounts`] : [];
  return ['', `${title}:`, ...named, ...rest];
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
