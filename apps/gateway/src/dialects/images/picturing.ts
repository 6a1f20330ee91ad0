import type { ImagesAccepted, ImagesAnswer, JobResource } from '@safelight/contracts';
import type { Answers } from '../../admission/answers.js';
import { holdClaim } from '../../admission/hold-claim.js';
import type { LinkedFiles } from '../../files/linked-files.js';
import type { Following } from '../../following/following.js';
import type { OwnJobs } from '../../jobs/own-jobs.js';
import type { Submitter } from '../../jobs/submitting.js';
import type { DialectSubmitter, Granted } from '../dialect-submitter.js';
import { notHonouredField } from '../notes.js';
import type { Wish } from '../wish.js';
import { withoutPicture } from './without-picture.js';
import { type Picture, presentAnswer } from './present.js';

/** Longer than most pictures take, and shorter than the ten minutes after which clients hang up. */
const WAIT_MAX_SECONDS = 120;

/** How the answer is to be given. */
export interface Delivery {
  /** The pictures themselves in the answer, in place of links. */
  readonly inBase64: boolean;
  /** How long the client wants to wait at most; as long as we do if it does not say. */
  readonly seconds: number | undefined;
  /** Who is told of the end: then nobody waits for it. */
  readonly callback: string | undefined;
}

interface Parts {
  readonly submitter: DialectSubmitter;
  readonly answers: Pick<Answers, 'hold'>;
  readonly following: Following;
  readonly jobs: OwnJobs;
  readonly files: LinkedFiles;
  /** Where clients reach this gateway. */
  readonly publicUrl: string;
}

/** Submits, waits, and answers with the pictures; or with where to look for them later. */
export class Picturing {
  constructor(private readonly parts: Parts) {}

  /**
   * @throws Problem when the job ended without a picture; what was held for it has gone back
   * @throws DomainError the refusals of `jobs.submit`
   */
  async picture(
    by: Submitter,
    wish: Wish,
    { inBase64, seconds, callback }: Delivery,
  ): Promise<ImagesAnswer | ImagesAccepted> {
    const granted = await this.parts.submitter.submit(by, wish);
    const { jobId, reply } = by;
    const { accountId } = by.caller;
    const wanted = callback === undefined ? (seconds ?? WAIT_MAX_SECONDS) : 0;
    const patience = Math.min(wanted, WAIT_MAX_SECONDS);
    await holdClaim(this.parts.answers, by.request, patience);
    const ended = await this.parts.following.untilEnd({ jobId, accountId }, patience, reply);
    const job = await this.parts.jobs.read(accountId, jobId);
    if (!ended) return this.accepted(job, granted, callback);
    if (job.status !== 'completed') throw withoutPicture(job, isKeyed(by.request));
    return presentAnswer(job, await this.picturesOf(job, inBase64));
  }

  private accepted(
    job: JobResource,
    { notHonoured }: Granted,
    callback: string | undefined,
  ): ImagesAccepted {
    return {
      job_id: job.id,
      status: 'processing',
      status_url: `${this.parts.publicUrl}/v1/images/generation/jobs/${job.id}`,
      webhook_url: callback ?? null,
      created_at: job.created_at,
      ...notHonouredField(notHonoured),
    };
  }

  /** One after the other: a whole batch of files at once would be held in memory twice. */
  private async picturesOf({ outputs }: JobResource, inBase64: boolean): Promise<Picture[]> {
    if (!inBase64) return outputs.map(({ url }) => ({ url }));
    const pictures: Picture[] = [];
    for (const { url } of outputs)
      pictures.push({ b64_json: (await this.parts.files.read(url)).toString('base64') });
    return pictures;
  }
}

const isKeyed = ({ headers }: Submitter['request']): boolean => 'idempotency-key' in headers;
