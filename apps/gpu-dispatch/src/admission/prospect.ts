import type { FairQueue, QueuedJob } from '../schedule/fair-queue.js';
import type { Forecast, ForwardWorker, Runtime } from '../schedule/run-forward.js';

/** What the forecaster runs forward. */
export interface ForecastFleet {
  readonly queue: FairQueue;
  /** Workers as they stand now; also those that are on their way. Times: epoch ms. */
  workers(nowMs: number): ForwardWorker[];
  /** Of jobs that it does not know, by their predicted GPU time. */
  runtimeOf(job: QueuedJob): Runtime;
  loadMs(model: string): number;
  /** The latest loads of the model, in ms; empty where too few were seen. */
  loads?(model: string): readonly number[];
}

/** When a job will probably begin and be done, in milliseconds from now. */
export interface Prospect {
  /** Jobs before it. */
  readonly position: number;
  readonly startMs: Times;
  readonly finishMs: Times;
  /** As it was foreseen, before experience corrected it. */
  readonly raw: Raw;
  /** What its model's loading adds; ms, 0 where it is loaded. */
  readonly loadMs: number;
}
export interface Times {
  readonly p50: number;
  readonly p90: number;
}

/** Where a job stands, and what is before it; milliseconds from now. */
export interface Raw {
  readonly position: number;
  readonly startMs: number;
  /** How much longer the start may take: nine of ten. */
  readonly slackMs: number;
  /** How much later the middle way ends for what will be loaded. */
  readonly loadMs: number;
  /** What it cost to foresee. */
  readonly decisions: number;
}

export interface Kept {
  readonly raw: Raw;
  readonly atMs: number;
  readonly key: Key;
  /** How many came since, who are before the next. */
  came: number;
}

/** What makes two jobs begin at the same time: `place` tells those apart who keep one. */
export interface Key {
  /** Empty for an account with nothing under way: all those stand alike. */
  readonly standing: string;
  readonly lane: string;
  readonly pool: string | undefined;
  readonly place: number | undefined;
  readonly withExpected: boolean;
  readonly model: string;
}

/** What a run told holds for so long, and for so much longer for each of its decisions, in ms. */
const KEPT_MS = 1_000;
const KEPT_PER_DECISION_MS = 2;
/** How long what was foreseen holds, in ms. */
export const lifeOf = ({ raw }: Kept): number => KEPT_MS + KEPT_PER_DECISION_MS * raw.decisions;

/** What was foreseen for the one before, after those who came since; each takes so long at least. */
export function later({ raw, came, atMs }: Kept, leastMs: number, nowMs: number): Raw {
  const passed = { ...raw, startMs: Math.max(0, raw.startMs - (nowMs - atMs)) };
  if (raw.position === 0) return passed;
  // As fast as those before it are served.
  const eachMs = Math.max(raw.startMs / (raw.position + 1), leastMs);
  const startMs = Math.max(0, raw.startMs + came * eachMs - (nowMs - atMs));
  return { ...raw, startMs, position: raw.position + came };
}

export const rawOf = (
  { position, startMs, loadMs }: Forecast,
  nowMs: number,
  decisions = 0,
): Raw => ({
  ...{ position, loadMs, decisions, startMs: Math.max(0, startMs.p50 - nowMs) },
  slackMs: startMs.p90 - startMs.p50,
});
