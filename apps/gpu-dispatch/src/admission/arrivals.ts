import type { QueuedJob } from '../schedule/fair-queue.js';
import type { Random } from '../schedule/draws.js';
import type { Arrival } from '../schedule/run-forward.js';

/** Jobs that nobody has queued yet come after all that were: no event's position is as high. */
export const NEWCOMERS_FROM = 2 ** 52;

/** After everybody who has a place. */
export const LAST = 2 ** 52 + 2 ** 51;

/** What came within this time is expected to come again, and again; ms. */
const LATELY_MS = 60_000;
/** Draws are from what came within this time: more of it, because the rate alone matters; ms. */
const DRAWN_MS = 120_000;
/** Of more than that many the latest are enough to tell what comes. */
const ARRIVALS_MAX = 1_000;

interface Lately extends Arrival {
  readonly isNews: boolean;
}

/** Who came lately, as a guess of who will come. */
export class Arrivals {
  private lately: Lately[] = [];

  /** @param isNews whether it was not expected */
  note(job: QueuedJob, nowMs: number, isNews: boolean): void {
    this.lately.push({ job, atMs: nowMs, isNews });
    if (this.lately.length > 2 * ARRIVALS_MAX) this.lately = this.lately.slice(-ARRIVALS_MAX);
  }

  /** What might come: as often as it came lately, and what came lately, in any order. */
  *drawn(nowMs: number, random: Random): Generator<Arrival> {
    const { recent, spanMs } = within(this.lately, DRAWN_MS, nowMs);
    if (recent.length === 0) return;
    const gapMs = spanMs / recent.length;
    for (let drawn = 0; ; drawn += 1) {
      // One in each gap, at any time of it: as they come in the middle way, but no two draws alike.
      const comesMs = nowMs + gapMs * (drawn + random());
      const one = recent[Math.floor(random() * recent.length)];
      if (one === undefined) return;
      const sequence = LAST + 1 + drawn;
      const again = { jobId: `arrival ${sequence}`, queuedAtMs: comesMs, sequence };
      yield { job: { ...one.job, ...again }, atMs: comesMs };
    }
  }

  /** What came lately, again and again, under ids of its own: one job may have come twice. */
  *again(nowMs: number): Generator<Arrival> {
    const news = this.lately.filter(({ isNews }) => isNews);
    const { recent, spanMs } = within(news, LATELY_MS, nowMs);
    if (recent.length === 0) return;
    let later = LAST;
    for (let round = 1; ; round += 1) {
      for (const { job, atMs } of recent) {
        const comesMs = Math.max(nowMs, atMs + round * spanMs);
        later += 1;
        const again = { jobId: `arrival ${later}`, queuedAtMs: comesMs, sequence: later };
        yield { job: { ...job, ...again }, atMs: comesMs };
      }
    }
  }
}

/** The latest of this time, and how long it took them to come. */
function within(lately: readonly Lately[], spanMs: number, nowMs: number) {
  const recent = lately.slice(-ARRIVALS_MAX).filter(({ atMs }) => atMs > nowMs - spanMs);
  const [first] = recent;
  const isCut = first !== undefined && recent.length === ARRIVALS_MAX;
  return { recent, spanMs: isCut ? Math.max(1, nowMs - first.atMs) : spanMs };
}
