import type { Consent, recordConsent } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { CustomerReads, Statement } from '@safelight/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import { joinWords, withWords, wordsColumns, type CaseWords, type WordsRow } from './case-words.js';

const own = 'consent_id, evidence_digest, expires_at, created_at, revoked_at';
const insertText = withWords(
  `insert into moderation.consents
     (consent_id, account_id, key_id, evidence_digest, expires_at)
   values ($1, $2, $3, $4, $5) returning ${own}, expires_at is null or expires_at > now() as live`,
  5,
);

/** Nobody can say whose consent it is whose words are erased: it is not live. */
const columns = `${own
  .split(', ')
  .map((column) => `c.${column}`)
  .join(', ')},
  c.revoked_at is null and (c.expires_at is null or c.expires_at > now()) and w.erased_at is null
    as live, ${wordsColumns}`;
const from = `from moderation.consents c ${joinWords('c.consent_id')}`;
const findText = `select ${columns} ${from} where c.consent_id = $1 and c.account_id = $2`;
const pageText = `
  select ${columns} ${from}
  where c.account_id = $1 and ($2::text is null or c.consent_id < $2)
  order by c.consent_id desc limit $3`;
const revokeText = `
  update moderation.consents set revoked_at = coalesce(revoked_at, clock_timestamp())
  where consent_id = $1 and account_id = $2`;

export const consentStatement = (consentId: string, accountId: string): Statement => ({
  name: 'get-consent',
  text: findText,
  values: [consentId, accountId],
});
export const consentsStatement = (
  accountId: string,
  limit: number,
  before: string | null,
): Statement => ({ name: 'list-consents', text: pageText, values: [accountId, before, limit] });

interface ConsentRow {
  readonly consent_id: string;
  readonly evidence_digest: string;
  readonly expires_at: Date | null;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly live: boolean;
}
type FullRow = ConsentRow & WordsRow;

/** Consents that customers have recorded. The evidence stays with them; only its digest is here. */
export class Consents {
  constructor(
    private readonly pool: pg.Pool,
    private readonly reads: CustomerReads,
    private readonly sealing: CaseWords,
  ) {}

  async record(request: z.output<typeof recordConsent.request>): Promise<Consent> {
    const { accountId, keyId, subject, purpose, evidenceDigest, expiresAt } = request;
    const caseId = newId('cns');
    const words = { subject, purpose };
    const sealed = this.sealing.seal({ caseId, accountId }, words, null);
    const values = [caseId, accountId, keyId, evidenceDigest, expiresAt, ...sealed];
    const query = { name: 'record-consent', text: insertText, values };
    const [row] = (await this.pool.query<ConsentRow>(query)).rows;
    if (row === undefined) throw new Error('a consent was not kept');
    return consentOf(row, words);
  }

  /** @throws DomainError `consent.not_found` */
  async get(accountId: string, consentId: string): Promise<Consent> {
    const row = await this.find(accountId, consentId);
    if (row === undefined) throw new DomainError('consent.not_found');
    return this.opened(row);
  }

  /** Whether work may lean on it; `false` also for one that is not there. */
  async isLive(accountId: string, consentId: string): Promise<boolean> {
    return (await this.find(accountId, consentId))?.live === true;
  }

  /** For good; the first time counts. @throws DomainError `consent.not_found` */
  async revoke(accountId: string, consentId: string): Promise<Consent> {
    // Looked up as the customer: what is not theirs is not written to.
    await this.get(accountId, consentId);
    const values = [consentId, accountId];
    await this.pool.query({ name: 'revoke-consent', text: revokeText, values });
    return this.get(accountId, consentId);
  }

  /** The newest first; ids sort by their time of birth. */
  async page(accountId: string, limit: number, before: string | null) {
    const asked = consentsStatement(accountId, limit, before);
    const rows = await this.reads.records<FullRow>(accountId, asked);
    const consents = rows.map((row) => this.opened(row));
    const next = consents.length < limit ? null : (consents.at(-1)?.consentId ?? null);
    return { consents, next };
  }

  private async find(accountId: string, consentId: string): Promise<FullRow | undefined> {
    const asked = consentStatement(consentId, accountId);
    return (await this.reads.records<FullRow>(accountId, asked))[0];
  }

  private opened(row: FullRow): Consent {
    const { subject = null, purpose = null } = this.sealing.open(row.consent_id, row) ?? {};
    return consentOf(row, { subject, purpose });
  }
}

const consentOf = (row: ConsentRow, words: Pick<Consent, 'subject' | 'purpose'>): Consent => ({
  consentId: row.consent_id,
  ...words,
  evidenceDigest: row.evidence_digest,
  expiresAt: row.expires_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  live: row.live,
});
