/** How a pool is to be scaled; times in seconds. */
export interface ScalingRules {
  readonly min: number;
  /** `null`: as many as it takes. */
  readonly max: number | null;
  /** Workers to spare while the pool is in use. */
  readonly buffer: number;
  /** Within which what waits shall be worked off. */
  readonly targetWaitSeconds: number;
  /** After so long without any work the pool shrinks to its least. */
  readonly idleSeconds: number;
}

/** What a pool is doing; GPU seconds of what waits. */
export interface PoolLoad {
  readonly workers: number;
  /** Workers with at least one running job. */
  readonly busy: number;
  /** Jobs that one worker runs at once; at least 1. */
  readonly slotsPerWorker: number;
  readonly waitingJobs: number;
  readonly waiting: readonly ModelBacklog[];
  /** For how long nothing has waited or run. */
  readonly idleSeconds: number;
}

/** What waits for one model. */
export interface ModelBacklog {
  readonly model: string;
  readonly gpuSeconds: number;
  readonly loadSeconds: number;
  /** Workers that have it loaded. */
  readonly warm: number;
}

export interface Desired {
  readonly desired: number;
  readonly backlogGpuSeconds: number;
  /** In the order in which they count. */
  readonly reasons: string[];
}

/**
 * How many workers a pool should have: those that are busy, as many more as work off what waits within
 * the target, and a buffer, between the pool's bounds. What waits includes the loading of models, for a
 * worker that comes has none loaded. A worker that is busy now is not counted on for the backlog: its
 * job may last. While a pool was in use a moment ago it keeps what it has, so that a pause between two
 * requests costs no cold start.
 */
export function desiredWorkers(load: PoolLoad, rules: ScalingRules): Desired {
  const { busy, workers, waitingJobs, idleSeconds } = load;
  const backlogGpuSeconds = backlogOf(load, rules);
  const { targetWaitSeconds, buffer, min, max } = rules;
  const slots = Math.max(1, load.slotsPerWorker);
  // However long a job and its load may take, it can have no more than one worker.
  const most = Math.ceil(waitingJobs / slots);
  const forBacklog = Math.min(most, Math.ceil(backlogGpuSeconds / (targetWaitSeconds * slots)));
  const reasons: string[] = [];
  if (busy > 0) reasons.push(`${busy} busy`);
  if (waitingJobs > 0) {
    reasons.push(
      `${forBacklog} for ${waitingJobs} waiting jobs: ${rounded(backlogGpuSeconds)} GPU seconds with loads, within ${targetWaitSeconds} s`,
    );
  }
  const used = busy + waitingJobs > 0;
  let desired = busy + forBacklog + (used ? buffer : 0);
  if (used && buffer > 0) reasons.push(`${buffer} to spare`);
  if (!used && idleSeconds < rules.idleSeconds && workers > 0) {
    desired = Math.min(workers, Math.max(1, buffer));
    reasons.push(`${desired} kept: idle for ${rounded(idleSeconds)} s of ${rules.idleSeconds} s`);
  }
  if (desired < min) reasons.push(`at least ${min}`);
  if (max !== null && desired > max) reasons.push(`at most ${max}`);
  if (reasons.length === 0) reasons.push(`idle for ${rounded(idleSeconds)} s`);
  desired = Math.max(min, Math.min(desired, max ?? Infinity));
  return { desired, backlogGpuSeconds, reasons };
}

/** As many more as are there and get no work, as far as the pool's bound goes. */
export function beside(away: number, found: Desired, { max }: Pick<ScalingRules, 'max'>): Desired {
  const { desired, reasons } = found;
  if (away === 0 || desired === 0) return found;
  const all = Math.min(desired + away, Math.max(desired, max ?? Infinity));
  return { ...found, desired: all, reasons: [...reasons, `${away} in quarantine`] };
}

/** With a load for each further worker that a model needs beside those that have it. */
function backlogOf({ waiting }: PoolLoad, { targetWaitSeconds }: ScalingRules): number {
  return waiting.reduce((sum, { gpuSeconds, loadSeconds, warm }) => {
    const needed = Math.ceil(gpuSeconds / Math.max(1, targetWaitSeconds));
    return sum + gpuSeconds + loadSeconds * Math.max(0, needed - warm);
  }, 0);
}

const rounded = (seconds: number): string => String(Math.round(seconds * 10) / 10);
