import type { JobResource, JobView, OutputStorage, S3Storage } from '@safelight/contracts';
import { attachStorage, repeatStorage, storageAvailable, toldStorage } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Unavailable, type RequestClient } from '@safelight/messaging';

type Output = JobResource['outputs'][number];

/** Anybody may ask what is on offer: many askers must not become as many questions. */
const FRESH_FOR_MS = 10_000;

/** Nobody can be asked now: not the same as a copy that failed. */
const UNKNOWN: OutputStorage = {
  state: 'unknown',
  ...{ region: null, bucket: null, key: null, attempts: 0, error: null },
  ...{ delivered_at: null, next_attempt_at: null },
};

/** Buckets of customers that outputs are copied to, by the service that sends. */
export class OutputStores {
  private latest: { readonly atMs: number; readonly available: Promise<boolean> } | undefined;

  constructor(private readonly services: RequestClient) {}

  /** Whether outputs can be copied at all; at most ten seconds old. */
  available(nowMs = performance.now()): Promise<boolean> {
    if (this.latest === undefined || nowMs - this.latest.atMs > FRESH_FOR_MS) {
      const asked = this.services.request(storageAvailable, {});
      const available = asked.then((answer) => answer.available);
      this.latest = { atMs: nowMs, available };
      // A failure is nothing to remember.
      available.catch(() => (this.latest = undefined));
    }
    return this.latest.available;
  }

  /** What `GET /models` says of it. */
  async offered(): Promise<'s3'[] | null> {
    try {
      return (await this.available()) ? ['s3'] : [];
    } catch (error) {
      if (error instanceof Unavailable) return null;
      throw error;
    }
  }

  /** For what is only asked about, such as a quote. @throws DomainError `storage.not_configured` */
  async requireAvailable(s3: S3Storage | undefined): Promise<void> {
    if (s3 !== undefined && !(await this.available())) {
      throw new DomainError('storage.not_configured');
    }
  }

  /**
   * Before the job is submitted; a job that never comes to be leaves a note that is deleted in time.
   * Idempotent by job id.
   *
   * @throws DomainError `storage.not_configured`
   */
  async attach(accountId: string, jobId: string, s3: S3Storage | undefined): Promise<void> {
    if (s3 !== undefined) await this.services.request(attachStorage, { accountId, jobId, s3 });
  }

  /** The bucket of a job for the job that makes it again. @throws DomainError `storage.not_configured` */
  async repeat(job: JobView, newJobId: string): Promise<void> {
    if (job.spec.storage === undefined) return;
    const { accountId, id: repeatOf } = job;
    await this.services.request(repeatStorage, { accountId, jobId: newJobId, repeatOf });
  }

  /** The outputs, each with what became of its copy, where the job asked for copies. */
  async told(job: JobView, outputs: Output[]): Promise<Output[]> {
    if (job.spec.storage === undefined || outputs.length === 0) return outputs;
    const storages = await this.ask(job, outputs);
    return outputs.map((output) => ({ ...output, storage: storages.get(output.id) ?? UNKNOWN }));
  }

  private async ask({ id: jobId, accountId }: JobView, outputs: readonly Output[]) {
    const asked = outputs.map(({ id, media_type: mediaType }) => ({ outputId: id, mediaType }));
    try {
      const told = await this.services.request(toldStorage, { jobId, accountId, outputs: asked });
      return new Map(told.outputs.map(({ outputId, storage }) => [outputId, storage]));
    } catch (error) {
      // A job can be read while nobody copies.
      if (error instanceof Unavailable) return new Map<string, OutputStorage>();
      throw error;
    }
  }
}
