import type { MessageContext } from '@safelight/event-sourcing';
import type { GenerationRunner } from '../generation/generation.runner.js';
import { contextOf, type Jobs } from '../job/job.handler.js';
import type { JobsOfAll } from '../job/jobs-of-all.js';

/** Jobs that one request deals with: well within its time. */
const AT_A_TIME = 100;
const CODE = 'account.suspended';

/**
 * Ends the open jobs of an account that is suspended; what was held for them goes back. A job that is
 * just being settled cannot be cancelled: it is left for the next time, when it has ended by itself.
 */
export class Suspension {
  constructor(
    private readonly all: JobsOfAll,
    private readonly jobs: Jobs,
    private readonly generation: GenerationRunner,
  ) {}

  /** @param suspensionId the cause that the events of the jobs name */
  async of(
    accountId: string,
    suspensionId: string,
    context: MessageContext,
  ): Promise<{ cancelled: number; left: boolean }> {
    const open = await this.all.openOf(accountId, AT_A_TIME);
    const ended = await Promise.all(
      open.map((jobId) => this.end(jobId, suspensionId, { ...context, causationId: suspensionId })),
    );
    const cancelled = ended.filter(Boolean).length;
    return { cancelled, left: cancelled < open.length || open.length === AT_A_TIME };
  }

  private async end(jobId: string, suspensionId: string, cause: MessageContext): Promise<boolean> {
    const context = contextOf(jobId, cause);
    const meta = { commandId: `suspend:${suspensionId}`, context };
    const { state, status } = await this.jobs.handle(
      jobId,
      { type: 'CancelJob', code: CODE },
      meta,
    );
    if (status === 'nothing') return false;
    await this.generation.run(jobId, state, context);
    return true;
  }
}
