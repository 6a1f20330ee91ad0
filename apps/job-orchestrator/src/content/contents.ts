import { createHash, randomBytes } from 'node:crypto';
import { jobContent } from '@safelight/contracts';
import type { JobContent, JobSpec } from '@safelight/contracts';
import type { InlineProjection, StagedEvent } from '@safelight/event-store';
import { seal, unseal } from '@safelight/object-store';
import { GroupCommit, transact, type CustomerReads, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import type { JobEvent } from '../job/job.js';
import { jobIdOf } from '../job/job.handler.js';
import type { OrchestratorTables } from '../tables.js';
import type { AccountKeys } from './account-keys.js';

const SALT_BYTES = 16;
/** Version of the account's key; there is one until keys can be rotated. */
const KEY_VERSION = 1;

type ContentRow = OrchestratorTables['contents'];

const insertText = `
  insert into contents (job_id, account_id, ciphertext, nonce, key_version)
  select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::int[])`;

const readText = `
  select c.job_id, c.account_id, j.spec, j.attempt, j.ended_at is not null, c.ciphertext, c.nonce
  from unnest($1::text[]) as asked (job_id)
  join contents c on c.job_id = asked.job_id
  join jobs j on j.job_id = asked.job_id`;

export const readInputs = (jobIds: readonly string[]): Statement => ({
  name: 'orchestrator_read_inputs',
  text: readText,
  values: [jobIds],
});

type InputRow = [
  jobId: string,
  accountId: string,
  spec: JobSpec,
  attempt: number,
  ended: boolean,
  ciphertext: Buffer,
  nonce: Buffer,
];

const eraseText = 'delete from contents c where c.job_id = any ($1)';

/** A job's words, with what the job is and where it stands. */
export interface JobInput {
  readonly accountId: string;
  readonly spec: JobSpec;
  readonly attempt: number;
  readonly ended: boolean;
  readonly content: JobContent;
}

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
 * Prompts and the keys to input pictures, sealed. They are written by the very database transaction that appends the job's first
 * events (this is one of the event store's inline writers), so that neither can be without the
 * other. Unlike a projection this table cannot be rebuilt from events: that is its purpose.
 */
export class Contents implements InlineProjection {
  readonly name = 'contents';
  private readonly offered = new Map<string, ContentRow>();
  private readonly reading: GroupCommit<string, InputRow | undefined>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly keys: AccountKeys,
    private readonly reads: CustomerReads,
  ) {
    this.reading = new GroupCommit({ run: (jobIds) => this.read(jobIds) });
  }

  async seal(jobId: string, accountId: string, content: JobContent): Promise<SealedContent> {
    const salt = randomBytes(SALT_BYTES).toString('base64');
    const plain = Buffer.from(JSON.stringify({ ...content, salt }));
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
  statements(events: readonly StagedEvent[]): Statement[] {
    return [...this.insertions(events), ...erasures(events)];
  }

  private insertions(events: readonly StagedEvent[]): Statement[] {
    const rows = events.flatMap((staged) => {
      const event = staged.event as JobEvent;
      if (event.type !== 'JobSubmitted') return [];
      const row = this.offered.get(event.contentDigest);
      if (row === undefined) throw new Error(`${staged.streamId} came without its content`);
      return [row];
    });
    if (rows.length === 0) return [];
    const values = [
      rows.map(({ job_id }) => job_id),
      rows.map(({ account_id }) => account_id),
      rows.map(({ ciphertext }) => ciphertext),
      rows.map(({ nonce }) => nonce),
      rows.map(({ key_version }) => key_version),
    ];
    return [{ name: 'orchestrator_insert_contents', text: insertText, values }];
  }

  /**
   * What a worker needs to know of a job, whose ever it is; those asked for at the same moment share a query.
   *
   * @returns `undefined` when there is no such job
   * @throws when the words were erased
   */
  async input(jobId: string): Promise<JobInput | undefined> {
    const row = await this.reading.submit(jobId);
    return row && this.opened(row);
  }

  /** The same for the customer whose job it is; `undefined` for anybody else. */
  async ownInput(jobId: string, accountId: string): Promise<JobInput | undefined> {
    const [rows = []] = await this.reads.rows(accountId, [readInputs([jobId])]);
    const [row] = rows as unknown as InputRow[];
    return row && this.opened(row);
  }

  private async opened(row: InputRow): Promise<JobInput> {
    const [jobId, accountId, spec, attempt, ended, ciphertext, nonce] = row;
    const key = await this.keys.keyOf(accountId);
    const plain = unseal(key, { ciphertext, nonce }, ownerOf(jobId, accountId));
    const content = jobContent.parse(JSON.parse(plain.toString()));
    return { accountId, spec, attempt, ended, content };
  }

  private async read(jobIds: readonly string[]): Promise<(InputRow | undefined)[]> {
    const [rows = []] = await transact(this.pool, [readInputs(jobIds)]);
    const byJob = new Map((rows as unknown as InputRow[]).map((row) => [row[0], row]));
    return jobIds.map((jobId) => byJob.get(jobId));
  }
}

/** Erased with the event that says so. */
function erasures(events: readonly StagedEvent[]): Statement[] {
  const jobIds = events.flatMap(({ streamId, event }) =>
    (event as JobEvent).type === 'ContentErased' ? [jobIdOf(streamId)] : [],
  );
  if (jobIds.length === 0) return [];
  return [{ name: 'orchestrator_erase_contents', text: eraseText, values: [jobIds.sort()] }];
}

const ownerOf = (jobId: string, accountId: string) => `${jobId} ${accountId}`;
