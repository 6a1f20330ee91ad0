import { progressSubject, type Progress } from '@safelight/contracts';

const SHORTEST_GAP_MS = 100;

/** Tells how far an attempt is, at most ten times a second; lost without harm. */
export class ProgressReporter {
  private lastMs: number;
  private lastPercent = 0;

  constructor(
    private readonly attempt: { readonly jobId: string; readonly attempt: number },
    private readonly publish: (subject: string, progress: Progress) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.lastMs = nowMs();
  }

  /** @param done the part that is done, 0 to 1 */
  report(done: number): void {
    const percent = Math.max(0, Math.min(100, Math.floor(done * 100)));
    const now = this.nowMs();
    if (percent <= this.lastPercent || now - this.lastMs < SHORTEST_GAP_MS) return;
    this.lastMs = now;
    this.lastPercent = percent;
    const { jobId, attempt } = this.attempt;
    this.publish(progressSubject(jobId), { jobId, attempt, percent });
  }
}
