import type { Progress } from '@safelight/contracts';

/** Jobs whose progress is kept; who is pushed out shows 0 % until the next message. */
const REMEMBERED_JOBS = 10_000;

/** The latest progress heard of each running attempt. Lost without harm. */
export class ProgressBoard {
  private readonly latest = new Map<string, Progress>();

  constructor(private readonly capacity = REMEMBERED_JOBS) {}

  note(progress: Progress): void {
    const { jobId } = progress;
    if (progress.attempt < (this.latest.get(jobId)?.attempt ?? 0)) return;
    this.latest.delete(jobId);
    this.latest.set(jobId, progress);
    const [oldest] = this.latest.keys();
    if (this.latest.size > this.capacity && oldest !== undefined) this.latest.delete(oldest);
  }

  /** Percent of this very attempt; 0 when nothing was heard of it. */
  percentOf(jobId: string, attempt: number): number {
    const progress = this.latest.get(jobId);
    return progress?.attempt === attempt ? progress.percent : 0;
  }
}
