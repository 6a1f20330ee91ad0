import { mostBudgets } from '../ledger/decide-budgets.js';
import type { PlaceHold, SetBudget } from '../ledger/ledger.js';

interface ModelBudget {
  key: string | null;
  daily: bigint | null;
  monthly: bigint | null;
  /** What had been noted when it began does not count. */
  from: number;
}
interface Spending {
  job: string;
  account: string;
  key: string | null;
  day: string;
  size: bigint;
}

/** Limits, and a note of every coin that was set aside, from which what was spent is summed anew. */
export class ModelBudgets {
  private budgets = new Map<string, ModelBudget[]>();
  private notes: Spending[] = [];
  /** What was asked under which name. */
  private changes = new Map<string, string>();

  copy(): ModelBudgets {
    const copy = new ModelBudgets();
    copy.budgets = structuredClone(this.budgets);
    copy.notes = structuredClone(this.notes);
    copy.changes = new Map(this.changes);
    return copy;
  }

  /** Notes the coins of a job, unless that passes a limit. @returns whether it does not */
  spend(command: PlaceHold, nowMs: number): boolean {
    const { holdId: job, accountId: account, keyId: key = null, priceMicros: size } = command;
    if (!this.allows(account, key, size, nowMs)) return false;
    this.notes.push({ job, account, key, size, day: dayOf(nowMs) });
    return true;
  }

  giveBack(job: string, size: bigint): void {
    const note = this.notes.find((one) => one.job === job);
    if (note) note.size -= size;
  }

  private allows(account: string, key: string | null, price: bigint, nowMs: number): boolean {
    return this.of(account).every((budget) => {
      if (budget.key !== null && budget.key !== key) return true;
      const { daily, monthly } = budget;
      if (daily !== null && this.spent(account, budget, dayOf(nowMs)) + price > daily) return false;
      const month = dayOf(nowMs).slice(0, 7);
      return monthly === null || this.spent(account, budget, month) + price <= monthly;
    });
  }

  /** @param opened - told when the account is written about */
  ask(command: SetBudget, nowMs: number, opened: () => void): string {
    const { changeId, accountId, keyId, dailyMicros, monthlyMicros } = command;
    const asked = `${accountId} ${keyId} ${dailyMicros} ${monthlyMicros}`;
    const earlier = this.changes.get(changeId);
    if (earlier !== undefined && earlier !== asked) return 'refused budget.mismatch';
    if (earlier === undefined && !this.isSo(command)) {
      const refusal = this.set(command);
      if (refusal !== '') return refusal;
      this.changes.set(changeId, asked);
      opened();
    }
    return this.text(accountId, keyId, nowMs);
  }

  private set({ accountId, keyId, dailyMicros, monthlyMicros }: SetBudget): string {
    if ((dailyMicros ?? 0n) < 0n || (monthlyMicros ?? 0n) < 0n) return 'refused amount.negative';
    const budgets = this.of(accountId);
    const before = budgets.find(({ key }) => key === keyId);
    if (dailyMicros === null && monthlyMicros === null) {
      this.budgets.set(
        accountId,
        budgets.filter((one) => one !== before),
      );
    } else if (before) Object.assign(before, { daily: dailyMicros, monthly: monthlyMicros });
    else if (budgets.length === mostBudgets) return 'refused budget.too_many';
    else {
      const limits = { key: keyId, daily: dailyMicros, monthly: monthlyMicros };
      this.budgets.set(accountId, [...budgets, { ...limits, from: this.notes.length }]);
    }
    return '';
  }

  /** Whether it is what stands already. */
  private isSo({ accountId, keyId, dailyMicros, monthlyMicros }: SetBudget): boolean {
    const now = this.of(accountId).find(({ key }) => key === keyId);
    return (now?.daily ?? null) === dailyMicros && (now?.monthly ?? null) === monthlyMicros;
  }

  private text(account: string, key: string | null, nowMs: number): string {
    const budget = this.of(account).find((one) => one.key === key);
    if (!budget) return 'budget none';
    const today = this.spent(account, budget, dayOf(nowMs));
    const thisMonth = this.spent(account, budget, dayOf(nowMs).slice(0, 7));
    return `budget ${budget.daily} ${budget.monthly} spent ${today} ${thisMonth}`;
  }

  private of(account: string): ModelBudget[] {
    return this.budgets.get(account) ?? [];
  }

  private spent(account: string, { key, from }: ModelBudget, period: string): bigint {
    return this.notes
      .slice(from)
      .filter((note) => note.account === account && (key === null || note.key === key))
      .filter(({ day }) => day.startsWith(period))
      .reduce((sum, { size }) => sum + size, 0n);
  }
}

/** `2026-11-21`, in UTC. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
