import { createHash, randomBytes } from 'node:crypto';
import { jobContent } from '@safelight/contracts';
import type { JobContent } from '@safelight/contracts';
import type { RecordedEvent } from '@safelight/event-sourcing';
import type { InlineProjection } from '@safelight/event-store';
import { GroupCommit, kyselyOn } from '@safelight/postgres';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type pg from 'pg';
import type { JobEvent } from '../job/job.js';
import type { OrchestratorTables } from '../tables.js';
import type { AccountKeys } from './account-keys.js';
import { seal, unseal } from './sealing.js';

const SALT_BYTES = 16;
/** Version of the account's key; there is one until keys can be rotated. */
const KEY_VERSION = 1;

type ContentRow = OrchestratorTables['contents'];

/** A job's words, ready to be stored. */
export interface SealedContent {
  /**
   * SHA-256 (hex) of the words with a random salt, which is sealed beside them: without the key
   * the digest says nothing, not even to somebody with a dictionary. Different at every sealing.
   */
  readonly digest: string;
  readonly row: ContentRow;
}

/**
 * Prompts, sealed. They are written by the very database transaction that appends the job's first
 * events (this is one of the event store's inline writers), so that neither can be without the
 * other. Unlike a projection this table cannot be rebuilt from events: that is its purpose.
 */
export class Contents implements InlineProjection {
  readonly name = 'contents';
  private readonly offered = new Map<string, ContentRow>();
  private readonly reading: GroupCommit<string, ContentRow | undefined>;

  constructor(
    private readonly db: Kysely<OrchestratorTables>,
    private readonly keys: AccountKeys,
  ) {
    this.reading = new GroupCommit({ run: (jobIds) => this.read(jobIds) });
  }

  async seal(jobId: string, accountId: string, content: JobContent): Promise<SealedContent> {
    const { prompt, negativePrompt } = content;
    const salt = randomBytes(SALT_BYTES).toString('base64');
    const plain = Buffer.from(JSON.stringify({ negativePrompt, prompt, salt }));
    const key = await this.keys.keyOf(accountId);
    const sealed = seal(key, plain, ownerOf(jobId, accountId));
    const row = { job_id: jobId, account_id: accountId, ...sealed, key_version: KEY_VERSION };
    return { digest: createHash('sha256').update(plain).digest('hex'), row };
  }

  /** While `append` runs, an event that names this content's digest takes it along. */
  async offer<T>({ digest, row }: SealedContent, append: () => Promise<T>): Promise<T> {
    this.offered.set(digest, row);
    try {
      return await append();
    } finally {
      this.offered.delete(digest);
    }
  }

  /** @throws when a job is about to be stored without its words */
  async apply(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<void> {
    const rows = events.flatMap((recorded) => {
      const event = recorded.event as JobEvent;
      if (event.type !== 'JobSubmitted') return [];
      const row = this.offered.get(event.contentDigest);
      if (row === undefined) throw new Error(`${recorded.streamId} came without its content`);
      return [row];
    });
    if (rows.length === 0) return;
    await kyselyOn<OrchestratorTables>(client).insertInto('contents').values(rows).execute();
  }

  /** @throws when the words were erased */
  async open(jobId: string): Promise<JobContent> {
    const sealed = await this.reading.submit(jobId);
    if (sealed === undefined) throw new Error(`the content of ${jobId} is gone`);
    const key = await this.keys.keyOf(sealed.account_id);
    const plain = unseal(key, sealed, ownerOf(jobId, sealed.account_id));
    return jobContent.parse(JSON.parse(plain.toString()));
  }

  private async read(jobIds: readonly string[]): Promise<(ContentRow | undefined)[]> {
    const rows = await this.db
      .selectFrom('contents')
      .selectAll()
      .where('job_id', '=', sql<string>`any(${jobIds})`)
      .execute();
    const byJob = new Map(rows.map((row) => [row.job_id, row]));
    return jobIds.map((jobId) => byJob.get(jobId));
  }
}

const ownerOf = (jobId: string, accountId: string) => `${jobId} ${accountId}`;
