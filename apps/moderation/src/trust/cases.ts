import { DomainError } from '@safelight/event-sourcing';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { CaseWords, Words, WordsRow } from './case-words.js';

const readText = `
  select w.ciphertext, w.nonce, k.wrapped_key, k.nonce as key_nonce, w.erased_at
  from moderation.case_words w left join moderation.case_keys k on k.case_id = w.case_id
  where w.case_id = $1`;

/** Deletes keys that `which` chooses, and the words that they open; what is erased stays so. */
const erasing = (which: string): string => `
  with gone as (delete from moderation.case_keys where ${which} returning case_id)
  update moderation.case_words w
  set ciphertext = null, nonce = null, erased_at = clock_timestamp()
  from gone where w.case_id = gone.case_id and w.erased_at is null`;

/**
 * What an operator does with the words of appeals, consents and reports, of whatever account: reads
 * them, to decide, and erases them. The cases stay, with their times, states and digests.
 */
export class Cases {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealing: CaseWords,
    private readonly logger: Telemetry['logger'],
  ) {}

  /** Every reading is logged. @throws DomainError `case.not_found` */
  async read(
    caseId: string,
    reader: string,
  ): Promise<{ words: Words | null; erasedAt: string | null }> {
    const query = { name: 'read-case', text: readText, values: [caseId] };
    type Row = WordsRow & { readonly erased_at: Date | null };
    const [row] = (await this.pool.query<Row>(query)).rows;
    if (row === undefined) throw new DomainError('case.not_found');
    const words = this.sealing.open(caseId, row);
    this.logger.info({ case_id: caseId, reader }, 'the words of a case were read');
    return { words, erasedAt: row.erased_at?.toISOString() ?? null };
  }

  /** For good; the first time counts. @throws DomainError `case.not_found` */
  async erase(caseId: string): Promise<{ erasedAt: string }> {
    await this.pool.query(erasing('case_id = $1'), [caseId]);
    const text = 'select erased_at from moderation.case_words where case_id = $1';
    const [row] = (await this.pool.query<{ erased_at: Date }>(text, [caseId])).rows;
    if (row === undefined) throw new DomainError('case.not_found');
    this.logger.info({ case_id: caseId }, 'the words of a case were erased');
    return { erasedAt: row.erased_at.toISOString() };
  }

  /** @returns in how many cases of the account there was something to erase */
  async eraseAccount(accountId: string): Promise<number> {
    const { rowCount } = await this.pool.query(erasing('account_id = $1'), [accountId]);
    return rowCount ?? 0;
  }

  /** What was kept for as long as it may be; several may do it at once. */
  async eraseDue(): Promise<number> {
    const { rowCount } = await this.pool.query(erasing('erase_at <= now()'));
    if (rowCount)
      this.logger.info({ cases: rowCount }, 'words of cases were erased: their time is over');
    return rowCount ?? 0;
  }
}
