import { getTimeline } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { z } from 'zod';
import type { JobNotices } from './job-notices.js';

export type TimelineEvent = z.output<typeof getTimeline.reply>['events'][number];

/** What a feed brings, in the order in which it happened. */
export type News =
  | { readonly kind: 'event'; readonly event: TimelineEvent }
  | { readonly kind: 'progress'; readonly percent: number };

/** Before all news a feed says that the job is there, and whether anything is left to be told. */
export type FeedItem = News | { readonly kind: 'found'; readonly over: boolean };

/** A follower looks for itself this often: a notice may be lost. */
const LOOK_EVERY_MS = 10_000;

export interface FeedOptions {
  readonly jobId: string;
  readonly accountId: string;
  /** The last event that the follower has seen. */
  readonly after: number;
  /** Ends the feed early. */
  readonly signal: AbortSignal;
}

/**
 * The events of one job from the one sequence that everything else reads too, each exactly once and
 * in order; ends after the job's last one. Any gateway can go on where another stopped, since all a
 * feed knows is a number.
 *
 * @throws DomainError `job.not_found`, before anything else
 */
export class JobFeed {
  constructor(
    private readonly services: RequestClient,
    private readonly notices: JobNotices,
  ) {}

  async *follow(options: FeedOptions): AsyncGenerator<FeedItem, void> {
    const { jobId, signal } = options;
    const bell = new Bell(signal);
    const stop = this.notices.follow(jobId, {
      changed: () => bell.ring(),
      progressed: (percent) => bell.ring(percent),
    });
    try {
      yield* this.listen(options, bell);
    } finally {
      stop();
      bell.silence();
    }
  }

  private async *listen(options: FeedOptions, bell: Bell): AsyncGenerator<FeedItem, void> {
    const { jobId, accountId, signal } = options;
    let { after } = options;
    for (let found = false; !signal.aborted; found = true) {
      const asked = { jobId, accountId, after };
      const { events, ended } = await this.services.request(getTimeline, asked);
      if (!found) yield { kind: 'found', over: ended && events.length === 0 };
      for (const event of events) {
        after = event.sequence;
        yield { kind: 'event', event };
      }
      if (ended) return;
      for (let percent = await bell.next(); percent !== null; percent = await bell.next()) {
        if (percent === undefined) break;
        yield { kind: 'progress', percent };
      }
    }
  }
}

/** Remembers that it rang, until somebody listens; of several progresses only the last counts. */
class Bell {
  private rang = false;
  private percent: number | undefined;
  private wake: (() => void) | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly signal: AbortSignal) {
    this.timer = setInterval(() => this.ring(), LOOK_EVERY_MS);
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(percent?: number): void {
    if (percent === undefined) this.rang = true;
    else this.percent = percent;
    this.wake?.();
  }

  /** Waits. @returns a progress; `undefined` when there may be events; `null` when it is over */
  async next(): Promise<number | undefined | null> {
    if (!this.rang && this.percent === undefined && !this.signal.aborted) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.signal.aborted) return null;
    if (this.rang) {
      this.rang = false;
      return undefined;
    }
    const { percent } = this;
    this.percent = undefined;
    return percent;
  }

  silence(): void {
    clearInterval(this.timer);
  }
}
