import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';
import { StoreUnavailable } from '@safelight/event-store';
import { isUnreachable } from '@safelight/postgres';
import type { Contents, SealedContent } from '../content/contents.js';
import type { Hold, Place, Screening } from '../job/job.js';
import type { Jobs } from '../job/job.handler.js';
import type { Neighbours } from './neighbours.js';
import { replyOf } from './reply.js';
import type { Reply, Request } from './request.js';

/** A hold outlives its job's deadline: the sweep has this long before billing gives it back. */
const HOLD_GRACE_MS = 5 * 60_000;

interface Accepted {
  readonly screening: Screening;
  readonly place: Place;
  readonly content: SealedContent;
  readonly hold: Hold;
}

/**
 * Takes a job on: screens and admits it side by side, holds the price, and appends its first events
 * together. Nothing is promised before that append is committed; nothing is held after a refusal.
 */
export class Submissions {
  constructor(
    private readonly jobs: Jobs,
    private readonly neighbours: Neighbours,
    private readonly contents: Contents,
    private readonly deadlineMs: number,
  ) {}

  /**
   * Idempotent by job id: once a job is there, what the neighbours say to a second asking does not
   * count.
   * @throws DomainError the refusals of `jobs.submit`; `service.unavailable` when a part is away
   */
  async submit(request: Request, context: MessageContext): Promise<Reply> {
    try {
      return await this.accept(request, context);
    } catch (error) {
      const refusal = asRefusal(error);
      if (!(refusal instanceof DomainError)) throw refusal;
      const earlier = await this.earlier(request).catch(() => undefined);
      if (earlier === undefined) throw refusal;
      return earlier;
    }
  }

  private async accept(request: Request, context: MessageContext): Promise<Reply> {
    const { jobId, accountId } = request;
    const asked = [
      this.neighbours.screen(request, context),
      this.neighbours.admit(request, context, { jobId, withinMs: this.deadlineMs }),
      this.contents.seal(jobId, accountId, request.content),
    ] as const;
    // All have answered, so that of several refusals the first in this order counts, always.
    await Promise.allSettled(asked);
    const [screening, place, content] = await Promise.all(asked);
    const lifetimeMs = this.deadlineMs + HOLD_GRACE_MS;
    const hold = await this.neighbours.hold(request, place.spec, lifetimeMs, context);
    return this.append(request, { screening, place, content, hold }, context);
  }

  private async append(request: Request, accepted: Accepted, context: MessageContext) {
    const { jobId, accountId, keyId, spec } = request;
    const { content, ...rest } = accepted;
    const submission = {
      accountId,
      keyId,
      spec,
      contentDigest: content.digest,
      metadata: Object.entries(request.metadata),
      retryOf: request.retryOf ?? null,
      deadlineAt: new Date(Date.now() + this.deadlineMs).toISOString(),
    };
    // Ids are minted for one submission each: almost always there is nothing to read yet.
    const meta = { commandId: `submit:${jobId}`, context, believedNew: true };
    try {
      const { events } = await this.contents.offer(content, () =>
        this.jobs.handle(jobId, { type: 'SubmitJob', submission, ...rest }, meta),
      );
      return replyOf(events);
    } catch (error) {
      return this.afterFailedAppend(request, error, context);
    }
  }

  /** Gives the hold back, but only on the stream's own word that there is no such job. */
  private async afterFailedAppend(
    request: Request,
    error: unknown,
    context: MessageContext,
  ): Promise<Reply> {
    // If this read fails nobody can say: the hold stays, and lapses if there is no job.
    const earlier = await this.earlier(request);
    if (earlier !== undefined) return earlier;
    await this.neighbours.giveBack(request.jobId, 'job.not_stored', context);
    throw error;
  }

  /** What was answered when this job was first submitted; nothing, if it never was. */
  async earlier({
    jobId,
    accountId,
  }: Pick<Request, 'jobId' | 'accountId'>): Promise<Reply | undefined> {
    return (await this.find({ jobId, accountId }))?.accepted;
  }

  /** The job as it was taken on. @throws DomainError `job.id_taken` by another account */
  async find({ jobId, accountId }: Pick<Request, 'jobId' | 'accountId'>) {
    const events = await this.jobs.history(jobId);
    const [first] = events;
    if (first?.event.type !== 'JobSubmitted') return undefined;
    if (first.event.accountId !== accountId) throw new DomainError('job.id_taken');
    return { accepted: replyOf(events), metadata: Object.fromEntries(first.event.metadata) };
  }
}

/** A database that is away is no fault of the request: the same may be asked again. */
const asRefusal = (error: unknown): unknown =>
  error instanceof StoreUnavailable || isUnreachable(error)
    ? new DomainError('service.unavailable', { service: 'orchestrator' })
    : error;
