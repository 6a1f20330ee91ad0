import type { Lane } from '@safelight/contracts';
import { LANES, type LaneShares, type SwitchBudget } from './budgets.js';
import { choose, runnerUpOf, standingOf, survey } from './choice.js';
import type { Choice, Occasion, Survey } from './choice.js';
import type { Decision, PoolRule } from './decision.js';
import type { FairLane } from './fair-lane.js';
import type { WorkerView } from './queued-job.js';

/** What the queue has for a worker. */
export interface Offer {
  readonly survey: Survey;
  readonly lane: Lane;
  readonly choice: Choice;
  /** Lanes that had something for it. */
  readonly present: readonly Lane[];
  /** The lane goes before a more urgent one, to get the least that it is promised. */
  readonly paid: boolean;
}

export interface OfferParts {
  readonly lanes: Readonly<Record<Lane, FairLane>>;
  readonly shares: LaneShares;
  readonly budget: SwitchBudget;
}

/** The choice of the most urgent lane, or of one that is owed its minimum, among jobs of one pool. */
export function bestOffer(
  { lanes, shares, budget }: OfferParts,
  worker: WorkerView,
  pool: string,
  occasion: Occasion,
): Offer | undefined {
  const found: Omit<Offer, 'present' | 'paid'>[] = [];
  for (const lane of LANES) {
    const each = survey(lanes[lane], worker, pool);
    const choice = each && choose(each, occasion, () => budget.canSpend());
    if (each !== undefined && choice !== undefined) found.push({ survey: each, lane, choice });
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const owed = found.find(({ lane, choice }) =>
    shares.canPay(lane, choice.chosen.job.predictedGpuMs),
  );
  const best = owed ?? first;
  return { ...best, present: found.map(({ lane }) => lane), paid: best !== first };
}

/** Why it is this one. */
export function explain(
  { survey: found, lane, choice, paid }: Offer,
  worker: WorkerView,
  nowMs: number,
  pool: PoolRule | undefined,
): Decision {
  const { job } = choice.chosen;
  return {
    ...{ rule: choice.rule, lane, waitedMs: Math.max(0, Math.round(nowMs - job.queuedAtMs)) },
    warm: worker.warm.has(job.model),
    ...(pool && { pool }),
    ...(paid && { minimumShare: true }),
    standing: standingOf(found, choice.chosen),
    runnerUp: runnerUpOf(found, choice.chosen),
  };
}
