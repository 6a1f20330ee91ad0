import { drawLeft, drawLoad, drawTime, type Random } from '../schedule/draws.js';
import type { QueuedJob } from '../schedule/fair-queue.js';
import type { ForwardOptions } from '../schedule/run-forward.js';
import type { Arrivals } from './arrivals.js';
import type { ForecastFleet, Raw } from './prospect.js';

/**
 * How things may go on: runtimes, loads and arrivals as they might be, each time others. The middle
 * of several runs is nearer to what comes than one run in which all takes its median: when a slot
 * becomes free for a job is not when the middle ones of those before it end.
 */
export class DrawnWorlds {
  constructor(
    private readonly fleet: ForecastFleet,
    private readonly arrivals: Arrivals,
    private readonly random: Random,
  ) {}

  draw(nowMs: number): Omit<ForwardOptions, 'decisionsMax'> {
    const { fleet, random } = this;
    return {
      arrivals: this.arrivals.drawn(nowMs, random),
      ...{ workers: this.workers(nowMs), nowMs },
      runtimeOf: (each: QueuedJob) => {
        const p50Ms = drawTime(fleet.runtimeOf(each), random);
        return { p50Ms, p90Ms: p50Ms };
      },
      loadMs: (model: string) => fleet.loadMs(model),
      loadTakesMs: (model: string) => this.load(model),
    };
  }

  private load(model: string): number {
    const p50Ms = this.fleet.loadMs(model);
    const seen = this.fleet.loads?.(model) ?? [];
    return drawLoad({ seen, supposed: { p50Ms, p90Ms: p50Ms } }, this.random);
  }

  private workers(nowMs: number) {
    return this.fleet.workers(nowMs).map((worker) => ({
      ...worker,
      slots: worker.slots.map((slot) =>
        slot.underway === undefined
          ? slot
          : { ...slot, freeAtMs: nowMs + drawLeft(slot.underway, this.random) },
      ),
    }));
  }
}

/** The middle of several runs, at least one. */
export function middleOf(runs: readonly Raw[]): Raw {
  const of = (read: (run: Raw) => number) => runs.map(read).toSorted((a, b) => a - b);
  const starts = of(({ startMs }) => startMs);
  const startMs = medianOf(starts);
  const loadedMs = medianOf(of((run) => run.startMs + run.loadMs));
  const late = starts[Math.ceil(0.9 * starts.length) - 1] ?? startMs;
  return {
    startMs,
    position: Math.round(medianOf(of(({ position }) => position))),
    slackMs: Math.max(late - startMs, medianOf(of(({ slackMs }) => slackMs))),
    loadMs: loadedMs - startMs,
    // What one run costs: how long it holds goes by that.
    decisions: runs.reduce((sum, { decisions }) => sum + decisions, 0) / runs.length,
  };
}

function medianOf(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
