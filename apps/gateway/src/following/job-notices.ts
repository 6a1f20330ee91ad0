import { JOBS_NOTICE_SUBJECT, jobsNotice, progress, progressSubject } from '@safelight/contracts';
import type { BusConnection } from '@safelight/messaging';

/** What somebody who follows a job hears. */
export interface Follower {
  /** There are new events of the job, or may be. */
  changed(): void;
  /** A worker is this far with the present attempt, in percent; may be lost or late. */
  progressed(percent: number): void;
}

interface Subscription {
  unsubscribe(): void;
}

/**
 * Wakes those who follow jobs. Listens to the bus only while somebody does, and wakes everybody when
 * the connection comes back: what was said meanwhile was not heard.
 */
export class JobNotices {
  private readonly followers = new Map<string, Set<Follower>>();
  private notices: Subscription | undefined;
  private readonly progress = new Map<string, Subscription>();

  constructor(private readonly bus: BusConnection) {
    bus.onStatus((status) => {
      if (status !== 'reconnect') return;
      for (const ofJob of this.followers.values()) for (const one of ofJob) one.changed();
    });
  }

  /** @returns stops following */
  follow(jobId: string, follower: Follower): () => void {
    const ofJob = this.followers.get(jobId) ?? new Set();
    this.followers.set(jobId, ofJob.add(follower));
    this.notices ??= this.listen();
    if (!this.progress.has(jobId)) this.progress.set(jobId, this.listenToProgress(jobId));
    return () => {
      ofJob.delete(follower);
      if (ofJob.size > 0 || this.followers.get(jobId) !== ofJob) return;
      this.followers.delete(jobId);
      this.progress.get(jobId)?.unsubscribe();
      this.progress.delete(jobId);
      if (this.followers.size > 0) return;
      this.notices?.unsubscribe();
      this.notices = undefined;
    };
  }

  private listen(): Subscription {
    return this.bus.nc.subscribe(JOBS_NOTICE_SUBJECT, {
      callback: (error, message) => {
        const heard = error === null ? jobsNotice.safeParse(contentOf(message)) : undefined;
        for (const jobId of heard?.data?.jobIds ?? []) {
          for (const follower of this.followers.get(jobId) ?? []) follower.changed();
        }
      },
    });
  }

  private listenToProgress(jobId: string): Subscription {
    return this.bus.nc.subscribe(progressSubject(jobId), {
      callback: (error, message) => {
        const heard = error === null ? progress.safeParse(contentOf(message)) : undefined;
        if (heard?.success !== true) return;
        for (const follower of this.followers.get(jobId) ?? []) {
          follower.progressed(heard.data.percent);
        }
      },
    });
  }
}

/** What is not JSON gives `undefined`, which no schema accepts. */
function contentOf(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
