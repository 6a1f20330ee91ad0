import { locateJobs, type JobStatus } from '@safelight/contracts';
import { GroupCommit } from '@safelight/postgres';
import type { RequestClient } from '@safelight/messaging';

/** Where a job stands, in the words of the public API. */
export interface Place {
  eta_seconds?: number;
  eta_p90_seconds?: number;
  queue_position?: number;
}

/**
 * Asks the dispatcher where jobs stand, once for all that are asked about at the same moment. Nobody
 * waits long for it, and nobody is refused for it: a dispatcher that is away leaves the answer empty.
 */
export class Places {
  private readonly questions: GroupCommit<string, Place>;

  constructor(services: RequestClient) {
    const run = async (jobIds: readonly string[]): Promise<Place[]> => {
      const { places } = await services.request(locateJobs, { jobIds: [...jobIds] });
      const found = new Map(places.map(({ jobId, ...place }) => [jobId, place]));
      return jobIds.map((jobId) => {
        const place = found.get(jobId);
        if (place === undefined) return {};
        const { etaSeconds, etaP90Seconds, queuePosition } = place;
        return {
          eta_seconds: etaSeconds,
          ...(etaP90Seconds === null ? {} : { eta_p90_seconds: etaP90Seconds }),
          queue_position: queuePosition,
        };
      });
    };
    this.questions = new GroupCommit({ run });
  }

  /** Empty for a job that has ended, and where nobody can say. Never rejects. */
  async of({ id, status }: { id: string; status: JobStatus }): Promise<Place> {
    if (status !== 'pending' && status !== 'processing') return {};
    return this.questions.submit(id).catch(() => ({}));
  }
}
