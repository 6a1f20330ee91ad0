import type { RunnerUp, Rule, Standing } from './decision.js';
import type { FairLane } from './fair-lane.js';
import { fits, isSooner, type Candidate, type Kind } from './kind.js';
import type { FleetView, QueuedJob, WorkerView } from './queued-job.js';

/** How much fairness may give way to loaded models; times in milliseconds. */
export interface AffinityOptions {
  /** A loaded model's account may be this much further on than the head: GPU time per weight. */
  readonly leadMs: number;
  /** A head that has waited longer forces a switch, as far as the budget goes. */
  readonly starvedMs: number;
  /** A model that loads faster is waited for in no case: to hear of the free slot takes time too. */
  readonly holdFromMs: number;
}

/** What a lane has for one worker. */
export interface Survey {
  readonly lane: FairLane;
  /** Kinds that fit, with somebody waiting. */
  readonly kinds: readonly Kind[];
  /** Of the account that is furthest behind its share. */
  readonly head: Candidate;
  /** The soonest whose model is loaded here. */
  readonly warm: Candidate | undefined;
}

/** What a choice depends on beside the queue. */
export interface Occasion {
  readonly fleet: FleetView;
  readonly rules: AffinityOptions;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
}

export interface Choice {
  readonly rule: Rule;
  readonly chosen: Candidate;
}

/** @returns `undefined` where nothing waits that the worker can run */
export function survey(lane: FairLane, worker: WorkerView, pool: string): Survey | undefined {
  const kinds: Kind[] = [];
  let head: Kind | undefined;
  let warm: Kind | undefined;
  for (const kind of lane.waiting()) {
    if (kind.pool !== pool || kind.turns.size === 0 || !fits(kind, worker)) continue;
    kinds.push(kind);
    if (isAhead(kind, head)) head = kind;
    if (worker.warm.has(kind.model) && isAhead(kind, warm)) warm = kind;
  }
  if (head === undefined) return undefined;
  const first = soonestOf(lane, head);
  return {
    lane,
    kinds,
    head: first,
    warm: warm && (warm === head ? first : soonestOf(lane, warm)),
  };
}

/**
 * Whom the worker serves: the head, unless somebody's model is loaded and the head can wait.
 *
 * @param mayForce whether the budget has room for a forced switch; asked only when one is wanted
 * @returns `undefined` when all that waits will get a warm slot elsewhere before a load would end
 */
export function choose(
  found: Survey,
  occasion: Occasion,
  mayForce: () => boolean,
): Choice | undefined {
  const { head, warm } = found;
  const { nowMs, rules } = occasion;
  if (warm === head) return { rule: 'head', chosen: head };
  const waitedMs = nowMs - head.job.queuedAtMs;
  if (warm !== undefined && waitedMs > rules.starvedMs && mayForce()) {
    return { rule: 'switch: starved', chosen: head };
  }
  const isPatient = isSoonFree(head, occasion);
  if (warm !== undefined) {
    if (warm.turn.time - head.turn.time <= rules.leadMs) return { rule: 'warm', chosen: warm };
    if (isPatient) return { rule: 'soon free elsewhere', chosen: warm };
    return { rule: 'switch', chosen: head };
  }
  const chosen = isPatient ? soonestInNeed(found, occasion) : head;
  return chosen && { rule: 'switch: nothing warm', chosen };
}

/** A warm slot will come before a load would end; a job that waited that long proves it wrong. */
function isSoonFree({ kind, job }: Candidate, { fleet, rules, nowMs }: Occasion): boolean {
  const waitedMs = nowMs - job.queuedAtMs;
  return waitedMs < fleet.loadMs(job.model) && canWait(job, kind.gpuMs, fleet, rules);
}

/** Whether the work that waits for the model, this job's included, will be done before a load would end. */
export function canWait(
  job: Pick<QueuedJob, 'model' | 'pool'>,
  gpuMs: number,
  fleet: FleetView,
  { holdFromMs }: Pick<AffinityOptions, 'holdFromMs'>,
): boolean {
  const loadMs = fleet.loadMs(job.model);
  return loadMs >= holdFromMs && gpuMs < loadMs * fleet.warmSlots(job);
}

function soonestInNeed(found: Survey, occasion: Occasion): Candidate | undefined {
  let best: Candidate | undefined;
  for (const kind of found.kinds) {
    const candidate = soonestOf(found.lane, kind);
    if (best !== undefined && !isSooner(candidate.turn, best.turn)) continue;
    if (!isSoonFree(candidate, occasion)) best = candidate;
  }
  return best;
}

/** The one that would have been served if the chosen one had not been there. */
export function runnerUpOf({ lane, kinds, head }: Survey, chosen: Candidate): RunnerUp | null {
  const next = chosen.job === head.job ? secondOf(lane, kinds, chosen) : head;
  if (next === undefined) return null;
  const { jobId, accountId, model } = next.job;
  return { jobId, accountId, model, aheadMs: Math.round(next.turn.time - chosen.turn.time) };
}

/** Further accounts before the chosen one are not counted: it is far enough. */
const POSITION_MAX = 32;

export function standingOf({ lane, kinds }: Survey, { turn }: Candidate): Standing {
  const before = new Set<string>();
  for (const { turns } of kinds) {
    const top = turns.peek();
    if (top === undefined || !isSooner(top.rank, turn)) continue;
    for (const accountId of turns.before(turn, POSITION_MAX)) before.add(accountId);
    if (before.size >= POSITION_MAX) break;
  }
  return {
    aheadMs: Math.round(turn.time - lane.time),
    position: Math.min(POSITION_MAX, before.size),
    accounts: lane.crowd,
  };
}

function secondOf(lane: FairLane, kinds: readonly Kind[], first: Candidate): Candidate | undefined {
  let best: Candidate | undefined;
  for (const kind of kinds) {
    const next = kind === first.kind ? kind.turns.second() : kind.turns.peek();
    if (next === undefined || (best !== undefined && !isSooner(next.rank, best.turn))) continue;
    best = lane.candidate(kind, next);
  }
  return best;
}

function isAhead(kind: Kind, other: Kind | undefined): boolean {
  const [mine, theirs] = [kind.turns.peek(), other?.turns.peek()];
  return mine !== undefined && (theirs === undefined || isSooner(mine.rank, theirs.rank));
}

function soonestOf(lane: FairLane, kind: Kind): Candidate {
  const top = kind.turns.peek();
  if (top === undefined) throw new Error('nobody waits');
  return lane.candidate(kind, top);
}
