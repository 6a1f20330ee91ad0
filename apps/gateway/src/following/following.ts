import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastEventId, stream } from './event-stream.js';
import type { JobFeed } from './job-feed.js';

const NO_CONTENT = 204;

/** Everybody who follows a job through this gateway. */
export class Following {
  private readonly ending = new Set<AbortController>();
  private closing = false;

  constructor(private readonly feed: JobFeed) {}

  /**
   * Streams the job's events after the one that the client saw last. A client that has seen the last
   * one there will ever be is told not to come back (204).
   *
   * @throws DomainError `job.not_found`
   */
  async stream(
    job: { readonly jobId: string; readonly accountId: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const leaving = this.begin();
    reply.raw.once('close', () => leaving.abort());
    const after = lastEventId(request) ?? 0;
    const items = this.feed.follow({ ...job, after, signal: leaving.signal });
    try {
      // Before the stream begins, so that a refusal is answered as every other.
      const { value: found } = await items.next();
      if (found?.kind === 'found' && found.over) await reply.status(NO_CONTENT).send();
      else await stream(reply, items, () => this.closing);
    } finally {
      this.ending.delete(leaving);
      await items.return();
    }
  }

  /** Waits until the job has ended, for `seconds` at most. @returns whether it has */
  async untilEnd(
    job: { readonly jobId: string; readonly accountId: string },
    seconds: number,
    reply: FastifyReply,
  ): Promise<boolean> {
    const leaving = this.begin();
    const impatience = setTimeout(() => leaving.abort(), seconds * 1000);
    const gone = () => leaving.abort();
    reply.raw.once('close', gone);
    try {
      const items = this.feed.follow({ ...job, after: 0, signal: leaving.signal });
      // What happens meanwhile is of no interest.
      while ((await items.next()).done !== true);
      return !leaving.signal.aborted;
    } finally {
      clearTimeout(impatience);
      reply.raw.off('close', gone);
      this.ending.delete(leaving);
    }
  }

  /** Ends all streams and waits: their clients go on at another gateway where they stopped here. */
  close(): void {
    this.closing = true;
    for (const leaving of this.ending) leaving.abort();
  }

  private begin(): AbortController {
    const leaving = new AbortController();
    this.ending.add(leaving);
    if (this.closing) leaving.abort();
    return leaving;
  }
}
