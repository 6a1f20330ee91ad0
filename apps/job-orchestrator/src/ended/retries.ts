import { featuresOf, jobSpec, newUuid } from '@safelight/contracts';
import type { InputSecret, JobContent, JobInput, JobSpec } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';
import { ObjectNotFound, type SealedObjects } from '@safelight/object-store';
import type { Contents } from '../content/contents.js';
import type { Reply } from '../submission/request.js';
import type { Submissions } from '../submission/submission.js';
import type { JobRow } from '../tables.js';
import { requireRetryable, requireSameKind } from './retryable.js';

/** Who wants the job again, and under which id. */
export interface Retry {
  readonly newJobId: string;
  readonly accountId: string;
  readonly keyId: string;
  /** The key whose budget it counts in. */
  readonly spendsAs: string | null;
  /** The account's plan of today. */
  readonly plan: string | null;
  /** What that plan says of its part in the fleet. */
  readonly share?: JobSpec['share'];
  /** Of the key: how a test job is to go. */
  readonly test?: JobSpec['test'];
  /** Its parts by what engines call them today. */
  readonly parts?: JobSpec['parts'];
}

/** What was asked for: a pool that nobody named is chosen anew, as it may have gone. */
export function askedOf({ pool, poolChosen, ...spec }: JobSpec): JobSpec {
  return poolChosen === true || pool === undefined ? spec : { ...spec, pool };
}

/**
 * Makes a failed job again: a job of its own with the same words and pictures, sealed anew, so that
 * deleting one of the two leaves the other whole. It is screened, admitted and paid like any other.
 */
export class Retries {
  constructor(
    private readonly contents: Contents,
    private readonly submissions: Submissions,
    private readonly objects: SealedObjects,
  ) {}

  /**
   * @throws DomainError `job.not_failed`, `job.erased`, `job.other_kind`, and the refusals of a
   *   submission
   */
  async retry(row: JobRow, retry: Retry, context: MessageContext): Promise<Reply> {
    const { newJobId: jobId, accountId, keyId, spendsAs, plan, test, share, parts } = retry;
    const { job_id: retryOf, status, metadata } = row;
    const earlier = await this.submissions.earlier({ jobId, accountId });
    if (earlier !== undefined) return earlier;
    requireRetryable({ status, erased: row.deleted_at !== null });
    const made = jobSpec.parse(row.spec);
    requireSameKind(made, retry);
    const old = await this.contents.ownInput(retryOf, accountId);
    if (old === undefined) throw new DomainError('job.erased');
    const spec = { ...askedOf(made), test, share, parts: parts ?? made.parts };
    const { inputs, content } = await this.sealedAnew(jobId, spec.inputs, old.content);
    const ids = { jobId, accountId, keyId, spendsAs, retryOf };
    const request = {
      ...ids,
      spec: { ...spec, inputs },
      content,
      metadata,
      needs: featuresOf(spec.parts),
      quotedMicros: null,
      plan,
    };
    try {
      return await this.submissions.submit(request, context);
    } catch (error) {
      // Refused for sure: there is no job that could need them.
      const refused = error instanceof DomainError && error.code !== 'service.unavailable';
      if (refused) await Promise.all(inputs.map(({ key }) => this.objects.delete(key)));
      throw error;
    }
  }

  private async sealedAnew(jobId: string, inputs: readonly JobInput[], content: JobContent) {
    const copies = await Promise.all(
      inputs.map((input, at) => this.copied(jobId, input, content.inputs[at])),
    );
    const secrets = copies.map(({ secret }) => secret);
    return {
      inputs: copies.map(({ input }) => input),
      content: { ...content, inputs: secrets },
    };
  }

  private async copied(jobId: string, input: JobInput, secret: InputSecret | undefined) {
    if (secret === undefined) throw new Error(`nothing opens an input of ${jobId}`);
    const opening = this.objects.open(input.key, secret.dataKey, input.digest);
    const plain = await opening.catch((error: unknown) => {
      // Deleted while it was about to be made again.
      throw error instanceof ObjectNotFound ? new DomainError('job.erased') : error;
    });
    const key = `jobs/${jobId}/inputs/${newUuid()}`;
    const { dataKey, digest } = await this.objects.put(key, plain);
    return { input: { ...input, key, digest }, secret: { ...secret, dataKey } };
  }
}
