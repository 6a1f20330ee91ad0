import { endedAmong } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { Answers } from './answers.js';

/**
 * Closes jobs that have ended. Nothing is done while an account is below its cap: only who reaches
 * it is looked after, so that a job costs admission one row and no message.
 */
export class OpenJobs {
  constructor(
    private readonly answers: Answers,
    private readonly services: RequestClient,
  ) {}

  /** @returns whether there is a place now */
  async makeRoom(accountId: string): Promise<boolean> {
    const jobIds = await this.answers.open(accountId);
    if (jobIds.length === 0) return true;
    const { ended } = await this.services.request(endedAmong, { jobIds });
    if (ended.length > 0) await this.answers.close(ended);
    return ended.length > 0;
  }
}
