import {
  jobEnded,
  jobQueued,
  jobsStream,
  jobStarted,
  newUuid,
  type JobResource,
  type JobStatus,
} from '@safelight/contracts';
import { JetStreamPublisher, type BusConnection } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';

const spec = {
  ...{ operation: 'generate', model: 'test/dot', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
};
const settlement = { kind: 'captured', capturedMicros: '5', refundedMicros: '0' };

export interface JobOfTest {
  readonly jobId: string;
  readonly accountId: string;
}

/** The orchestrator's side of the bus. */
export class JobsOfTest {
  private readonly publisher: JetStreamPublisher;

  constructor(bus: BusConnection, telemetry: Telemetry) {
    this.publisher = new JetStreamPublisher(bus, jobsStream, telemetry);
  }

  async queue(job: JobOfTest, id?: string): Promise<void> {
    const deadlineAt = new Date(Date.now() + 600_000).toISOString();
    await this.publish(jobQueued.subject, job, { ...job, sequence: 4, spec, deadlineAt }, id);
  }

  async begin(job: JobOfTest): Promise<void> {
    const startedAt = new Date().toISOString();
    await this.publish(jobStarted.subject, job, { ...job, sequence: 5, attempt: 1, startedAt });
  }

  async end(
    job: JobOfTest,
    status: 'completed' | 'failed' | 'cancelled' = 'completed',
  ): Promise<void> {
    const endedAt = new Date().toISOString();
    const rest = { sequence: 9, status, settlement, failure: null, endedAt };
    await this.publish(jobEnded.subject, job, { ...job, ...rest });
  }

  private async publish(subject: string, { jobId }: JobOfTest, data: unknown, id = newUuid()) {
    const context = { correlationId: jobId, causationId: jobId };
    const event = { id, subject, key: `job-${jobId}`, data, recordedAt: new Date(), context };
    const [outcome] = await this.publisher.publish([event]);
    if (outcome !== undefined && 'error' in outcome) throw outcome.error;
  }
}

/** A job as the gateway shows it. */
export const shownJob = (id: string, status: JobStatus): JobResource => ({
  ...{ id, type: 'generate', status, progress: 0, model: 'test/dot', width: 512, height: 512 },
  ...{ steps: 4, seed: 1, price: '1', charge: null, outputs: [], error: null },
  test: false,
  ...{ visibility: 'private', inputs: [], retry_of: null, deleted_at: null },
  metadata: {},
  created_at: '2026-01-01T00:00:00.000Z',
  ...{ started_at: null, ended_at: null },
});
