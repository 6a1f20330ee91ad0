import type { Lane } from '@safelight/contracts';
import { LANES } from './budgets.js';
import type { FairLane } from './fair-lane.js';
import type { Kind } from './kind.js';
import type { Shelf } from './shelf.js';

export interface Backlog {
  readonly jobs: number;
  readonly gpuMs: number;
}

/** What would be served before a job that the account added now, by the fair order alone. */
export function workAhead(
  lanes: Readonly<Record<Lane, FairLane>>,
  { accountId, lane }: { accountId: string; lane: Lane },
  models: ReadonlySet<string>,
): Backlog {
  const urgent = LANES.slice(0, LANES.indexOf(lane)).map((each) => lanes[each]);
  const own = aheadIn(lanes[lane], accountId, models);
  const before = backlogOf(urgent, models);
  return { jobs: own.jobs + before.jobs, gpuMs: own.gpuMs + before.gpuMs };
}

/** Everything that waits for these models. */
export function backlogOf(lanes: readonly FairLane[], models?: ReadonlySet<string>): Backlog {
  const total = { jobs: 0, gpuMs: 0 };
  for (const lane of lanes) {
    for (const { shelves } of lane.standings()) {
      const { jobs, gpuMs } = sumOf(shelves, models);
      total.jobs += jobs;
      total.gpuMs += gpuMs;
    }
  }
  return total;
}

/** Other accounts by their average job. */
function aheadIn(lane: FairLane, accountId: string, models: ReadonlySet<string>): Backlog {
  const standings = [...lane.standings()];
  const mine = standings.find((each) => each.accountId === accountId);
  const own = sumOf(mine?.shelves, models);
  const start = Math.max(mine?.time ?? 0, lane.time) + own.gpuMs / (mine?.weight ?? 1);
  const ahead = { ...own };
  for (const other of standings) {
    if (other === mine || other.shelves.size === 0) continue;
    const { jobs, gpuMs } = sumOf(other.shelves, models);
    const lead = (start - other.time) * other.weight;
    if (jobs === 0 || lead < 0) continue;
    // At equal times the job that was queued first, so the other one, goes first.
    const before = Math.min(jobs, Math.floor((lead * jobs) / gpuMs) + 1);
    ahead.jobs += before;
    ahead.gpuMs += (gpuMs * before) / jobs;
  }
  return ahead;
}

function sumOf(shelves?: ReadonlyMap<Kind, Shelf>, models?: ReadonlySet<string>) {
  const sum = { jobs: 0, gpuMs: 0 };
  for (const [{ model }, { size, gpuMs }] of shelves ?? []) {
    if (models?.has(model) === false) continue;
    sum.jobs += size;
    sum.gpuMs += gpuMs;
  }
  return sum;
}
