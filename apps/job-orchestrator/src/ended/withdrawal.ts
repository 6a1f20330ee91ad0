import type { MessageContext } from '@safelight/event-sourcing';
import type { GenerationRunner } from '../generation/generation.runner.js';
import { contextOf, type Jobs } from '../job/job.handler.js';
import type { JobsOfAll } from '../job/jobs-of-all.js';
import type { JobRow } from '../tables.js';
import type { Erasure } from './erasure.js';

/** Jobs that one request deals with: well within its time. */
const AT_A_TIME = 100;
const CODE = 'consent.revoked';

type Fate = 'cancelled' | 'erased' | 'left';

/**
 * Ends what leans on a consent that is over. A job that is just being settled can be neither cancelled
 * nor deleted: it is left for the next time. Moderation asks until nothing is left.
 */
export class Withdrawal {
  constructor(
    private readonly all: JobsOfAll,
    private readonly jobs: Jobs,
    private readonly generation: GenerationRunner,
    private readonly erasure: Erasure,
  ) {}

  async of(
    accountId: string,
    consentId: string,
    context: MessageContext,
  ): Promise<{ cancelled: number; erased: number; left: boolean }> {
    const rows = await this.all.leaningOn({ accountId, consentId }, AT_A_TIME);
    const fates = await Promise.all(
      rows.map((row) => this.end(row, contextOf(row.job_id, context))),
    );
    const count = (fate: Fate) => fates.filter((one) => one === fate).length;
    const [cancelled, erased] = [count('cancelled'), count('erased')];
    // What was cancelled has its input pictures still: the next time it has ended, and they go.
    return { cancelled, erased, left: erased < rows.length || rows.length === AT_A_TIME };
  }

  private async end(row: JobRow, context: MessageContext): Promise<Fate> {
    const { job_id: jobId } = row;
    if (row.ended_at !== null) {
      await this.erasure.erase(row, context);
      return 'erased';
    }
    const meta = { commandId: `withdraw:${jobId}`, context };
    const cancel = { type: 'CancelJob' as const, code: CODE };
    const { state, status } = await this.jobs.handle(jobId, cancel, meta);
    if (status === 'nothing') return 'left';
    await this.generation.run(jobId, state, context);
    return 'cancelled';
  }
}
