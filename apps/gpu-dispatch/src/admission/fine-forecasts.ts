import { DecisionBudget } from './decision-budget.js';
import { middleOf, type DrawnWorlds } from './drawn-worlds.js';
import { later, type ForecastFleet, type Kept, type Key, type Raw } from './prospect.js';
import { runUntil, type Asked } from './rough.js';

/** Draws of which the middle is told; with more it is hardly nearer. */
const DRAWS = 8;
/** How long a draw serves others who stand alike: a burst of them. Later it is off by more than it saves; ms. */
const KEPT_MS = 250;
const KEYS_MAX = 200;

/**
 * Foresees for those who are let in, more finely than is needed to let them in: by the middle of
 * several runs of what might come. What all runs of a second may cost is bounded; beyond it there are
 * fewer draws, and at last none.
 */
export class FineForecasts {
  private readonly draws = new Map<string, { readonly key: Key; kept: Kept[] }>();
  private readonly budget = new DecisionBudget();

  /** @param onRun hears what each run cost */
  constructor(
    private readonly fleet: ForecastFleet,
    private readonly worlds: DrawnWorlds,
    private readonly onRun: (decisions: number) => void,
  ) {}

  /**
   * @param key what makes others begin at the same time
   * @returns `undefined` where it would cost too much
   */
  middle(asked: Asked, key: Key, nowMs: number): Raw | undefined {
    if (asked.able.slots.length === 0) return undefined;
    const kept = this.kept(key, nowMs);
    while (kept.length < DRAWS && this.budget.allows(nowMs, 1)) {
      const raw = runUntil(this.fleet, asked, this.worlds.draw(nowMs));
      this.budget.spend(raw.decisions);
      this.onRun(raw.decisions);
      kept.push({ raw, atMs: nowMs, key, came: 0 });
      // Whoever begins at once does so however long others take.
      if (raw.startMs <= 0) break;
    }
    if (kept.length === 0) return undefined;
    const leastMs = asked.job.predictedGpuMs / (asked.able.slots.length + 1);
    return middleOf(kept.map((each) => later(each, leastMs, nowMs)));
  }

  /** Such a job was queued: it is before the next. */
  follows(isAlike: (key: Key) => boolean): void {
    for (const { key, kept } of this.draws.values()) {
      if (isAlike(key)) for (const each of kept) each.came += 1;
    }
  }

  private kept(key: Key, nowMs: number): Kept[] {
    const name = JSON.stringify(key);
    const isFresh = ({ atMs }: Kept) => nowMs - atMs < KEPT_MS;
    const draws = { key, kept: (this.draws.get(name)?.kept ?? []).filter(isFresh) };
    this.draws.set(name, draws);
    if (this.draws.size > KEYS_MAX) {
      for (const [each, { kept }] of this.draws) if (!kept.some(isFresh)) this.draws.delete(each);
      this.draws.set(name, draws);
    }
    return draws.kept;
  }
}
