import type { QueuedJob } from '../schedule/fair-queue.js';
import type { Arrival } from '../schedule/run-forward.js';

/** Jobs that nobody has queued yet come after all that were: no event's position is as high. */
export const NEWCOMERS_FROM = 2 ** 52;

/** After everybody who has a place. */
export const LAST = 2 ** 52 + 2 ** 51;

/** What came within this time is expected to come again, and again; ms. */
const LATELY_MS = 60_000;
/** Of more than that many the latest are enough to tell what comes. */
const ARRIVALS_MAX = 1_000;

/** Who came lately, as a guess of who will come. */
export class Arrivals {
  private lately: Arrival[] = [];

  note(job: QueuedJob, nowMs: number): void {
    this.lately.push({ job, atMs: nowMs });
    if (this.lately.length > 2 * ARRIVALS_MAX) this.lately = this.lately.slice(-ARRIVALS_MAX);
  }

  /** What came lately, again and again, under ids of its own: one job may have come twice. */
  *again(nowMs: number): Generator<Arrival> {
    const recent = this.lately.slice(-ARRIVALS_MAX).filter(({ atMs }) => atMs > nowMs - LATELY_MS);
    this.lately = recent;
    const [first] = recent;
    if (first === undefined) return;
    const spanMs = recent.length < ARRIVALS_MAX ? LATELY_MS : Math.max(1, nowMs - first.atMs);
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
