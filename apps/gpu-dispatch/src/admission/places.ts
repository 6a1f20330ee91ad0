import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QueuedJob } from '../schedule/fair-queue.js';
import type { Forecast, ForwardRun } from '../schedule/run-forward.js';
import { rawOf, type Prospect, type Raw } from './prospect.js';

/** Where all who wait stand is found anew after so long; ms. */
const KEPT_MS = 1_000;
/** Of a run, before others are let in: some 20 µs each, more where many workers are idle. */
export const DECISIONS_PER_TURN = 250;
/** Each looks at all accounts that wait, and at all slots: a millisecond or two for thousands. */
export const ESTIMATES_PER_TURN = 8;

/** What it needs of the forecaster. */
export interface Seer {
  /** A run of the schedule on a copy of what waits now. */
  begin(nowMs: number): ForwardRun;
  /** When a job would begin by the work before it alone. */
  roughly(job: QueuedJob, nowMs: number): Raw;
  prospect(raw: Raw, job: QueuedJob): Prospect;
  onFailure(error: unknown): void;
}

interface View {
  readonly places: ReadonlyMap<string, Forecast>;
  /** Of those further than the run came, by what makes them stand alike. */
  readonly estimates: Map<string, Raw>;
}

/**
 * Says where jobs stand that wait. What it does for many of them takes longer than a heartbeat may
 * wait, so it does a counted part of it at a time and lets everything else in between.
 */
export class Places {
  private view: Promise<View> | undefined;
  private viewAtMs = -Infinity;
  private estimated = 0;

  /** @param pause resolves when everything that waited for this thread had its turn */
  constructor(
    private readonly seer: Seer,
    private readonly pause: () => Promise<unknown> = nextTurn,
  ) {}

  /** @param nowMs wall clock, epoch ms */
  async of(job: QueuedJob, nowMs: number): Promise<Prospect> {
    const { places, estimates } = await this.viewAt(nowMs);
    const forecast = places.get(job.jobId);
    if (forecast !== undefined) return this.seer.prospect(rawOf(forecast, nowMs), job);
    const { accountId, lane, model } = job;
    const key = JSON.stringify([accountId, lane, model]);
    let raw = estimates.get(key);
    if (raw === undefined) {
      this.estimated = (this.estimated + 1) % ESTIMATES_PER_TURN;
      if (this.estimated === 0) await this.pause();
      raw = this.seer.roughly(job, nowMs);
      estimates.set(key, raw);
    }
    return this.seer.prospect(raw, job);
  }

  private viewAt(nowMs: number): Promise<View> {
    if (this.view === undefined || nowMs - this.viewAtMs >= KEPT_MS) {
      this.viewAtMs = nowMs;
      this.view = this.look(nowMs);
    }
    return this.view;
  }

  private async look(nowMs: number): Promise<View> {
    const places = new Map<string, Forecast>();
    try {
      const run = this.seer.begin(nowMs);
      let paused = 0;
      while (!run.isOver) {
        const left = DECISIONS_PER_TURN - (run.decisions - paused);
        const forecast = run.next(left);
        if (forecast !== undefined) places.set(forecast.job.jobId, forecast);
        if (run.decisions - paused < DECISIONS_PER_TURN) continue;
        paused = run.decisions;
        await this.pause();
      }
    } catch (error) {
      this.seer.onFailure(error);
    }
    return { places, estimates: new Map() };
  }
}
