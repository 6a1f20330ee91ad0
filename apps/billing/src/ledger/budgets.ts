/**
 * How much may be spent in a day and in a month, by one key or by the account as a whole, and how
 * much was. Days and months are UTC's, on the clock that transactions are decided by; the amounts are
 * those of the day and month in which the transaction that left them was recorded.
 */
export interface Budget {
  /** `null`: the account's own, over all that it spends. */
  readonly keyId: string | null;
  /** `null`: no limit. */
  readonly dailyMicros: bigint | null;
  readonly monthlyMicros: bigint | null;
  /** Place of the transaction that it began with: only what was held after it counts. */
  readonly since: number;
  /** What was held minus what was given back of it, by the time of the hold. */
  readonly todayMicros: bigint;
  readonly thisMonthMicros: bigint;
}
/** Those of one account, in the order in which they were first set. */
export type Budgets = readonly Budget[];

export const noBudgets: Budgets = [];

/** A change of one budget; without limits it is removed. */
export interface BudgetChange {
  readonly changeId: string;
  readonly accountId: string;
  readonly keyId: string | null;
  readonly dailyMicros: bigint | null;
  readonly monthlyMicros: bigint | null;
}

/** What of a hold a budget looks at. */
interface Spending {
  readonly keyId: string | null;
  readonly priceMicros: bigint;
  readonly placedAtMs: number;
  readonly sequence: number;
}

export type BudgetPeriod = 'day' | 'month';

const DAY_MS = 86_400_000;

const isSameDay = (a: number, b: number): boolean =>
  Math.floor(a / DAY_MS) === Math.floor(b / DAY_MS);

function isSameMonth(a: number, b: number): boolean {
  const [one, other] = [new Date(a), new Date(b)];
  const isSameYear = one.getUTCFullYear() === other.getUTCFullYear();
  return isSameYear && one.getUTCMonth() === other.getUTCMonth();
}

/** When what was spent in the period of `nowMs` counts no longer; epoch milliseconds. */
export function endOf(period: BudgetPeriod, nowMs: number): number {
  if (period === 'day') return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
}

/** As they were left at `fromMs`, and stand at `toMs`: in a new period nothing is spent yet. */
export function budgetsAt(budgets: Budgets, fromMs: number, toMs: number): Budgets {
  if (budgets.length === 0 || isSameDay(fromMs, toMs)) return budgets;
  const sameMonth = isSameMonth(fromMs, toMs);
  return budgets.map((budget) => ({
    ...budget,
    todayMicros: 0n,
    thisMonthMicros: sameMonth ? budget.thisMonthMicros : 0n,
  }));
}

export interface Overrun {
  readonly budget: Budget;
  readonly period: BudgetPeriod;
}

/** The first budget that spending so much more would pass. */
export function overrunBy(
  budgets: Budgets,
  keyId: string | null,
  micros: bigint,
): Overrun | undefined {
  for (const budget of budgets) {
    const { dailyMicros, monthlyMicros, todayMicros, thisMonthMicros } = budget;
    if (!isFor(budget, keyId)) continue;
    if (monthlyMicros !== null && thisMonthMicros + micros > monthlyMicros) {
      return { budget, period: 'month' };
    }
    if (dailyMicros !== null && todayMicros + micros > dailyMicros)
      return { budget, period: 'day' };
  }
  return undefined;
}

export function withSpent(budgets: Budgets, { keyId, priceMicros }: Spending): Budgets {
  return budgets.map((budget) => {
    if (!isFor(budget, keyId)) return budget;
    const todayMicros = budget.todayMicros + priceMicros;
    return { ...budget, todayMicros, thisMonthMicros: budget.thisMonthMicros + priceMicros };
  });
}

/** What comes back counts in the period in which it was held, and nowhere once that is over. */
export function withGivenBack(
  budgets: Budgets,
  hold: Spending,
  micros: bigint,
  nowMs: number,
): Budgets {
  if (budgets.length === 0 || !isSameMonth(hold.placedAtMs, nowMs)) return budgets;
  const today = isSameDay(hold.placedAtMs, nowMs) ? micros : 0n;
  return budgets.map((budget) => {
    if (!isFor(budget, hold.keyId) || hold.sequence <= budget.since) return budget;
    const todayMicros = budget.todayMicros - today;
    return { ...budget, todayMicros, thisMonthMicros: budget.thisMonthMicros - micros };
  });
}

/** @param sequence - place of the change among the account's transactions */
export function withChange(budgets: Budgets, change: BudgetChange, sequence: number): Budgets {
  const { keyId, dailyMicros, monthlyMicros } = change;
  if (dailyMicros === null && monthlyMicros === null) {
    return budgets.filter((budget) => budget.keyId !== keyId);
  }
  const limits = { keyId, dailyMicros, monthlyMicros };
  const fresh = { ...limits, since: sequence, todayMicros: 0n, thisMonthMicros: 0n };
  if (!budgets.some((budget) => budget.keyId === keyId)) return [...budgets, fresh];
  return budgets.map((budget) => (budget.keyId === keyId ? { ...budget, ...limits } : budget));
}

const isFor = (budget: Budget, keyId: string | null): boolean =>
  budget.keyId === null || budget.keyId === keyId;

/** A budget as a row keeps it; amounts are text because a JSON number loses precision. */
export type StoredBudget = readonly [
  keyId: string | null,
  daily: string | null,
  monthly: string | null,
  since: number,
  today: string,
  thisMonth: string,
];

/** `null` when there are none, which is the rule: the database then has nothing to verify. */
export function storedBudgets(budgets: Budgets): readonly StoredBudget[] | null {
  if (budgets.length === 0) return null;
  return budgets.map((one) => [
    one.keyId,
    one.dailyMicros?.toString() ?? null,
    one.monthlyMicros?.toString() ?? null,
    one.since,
    one.todayMicros.toString(),
    one.thisMonthMicros.toString(),
  ]);
}

export function budgetsFrom(stored: readonly StoredBudget[] | null): Budgets {
  if (stored === null) return noBudgets;
  return stored.map(([keyId, daily, monthly, since, today, thisMonth]) => ({
    ...{ keyId, since, todayMicros: BigInt(today), thisMonthMicros: BigInt(thisMonth) },
    dailyMicros: daily === null ? null : BigInt(daily),
    monthlyMicros: monthly === null ? null : BigInt(monthly),
  }));
}
