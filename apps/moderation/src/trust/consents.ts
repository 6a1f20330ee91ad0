import type { Consent, recordConsent } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type pg from 'pg';
import type { z } from 'zod';

const columns = `consent_id, subject, purpose, evidence_digest, expires_at, created_at, revoked_at,
  revoked_at is null and (expires_at is null or expires_at > now()) as live`;

const insertText = `
  insert into moderation.consents
    (consent_id, account_id, key_id, subject, purpose, evidence_digest, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`;
const findText = `
  select ${columns} from moderation.consents where consent_id = $1 and account_id = $2`;
const revokeText = `
  update moderation.consents set revoked_at = coalesce(revoked_at, clock_timestamp())
  where consent_id = $1 and account_id = $2 returning ${columns}`;
const pageText = `
  select ${columns} from moderation.consents
  where account_id = $1 and ($2::text is null or consent_id < $2)
  order by consent_id desc limit $3`;

interface ConsentRow {
  readonly consent_id: string;
  readonly subject: string;
  readonly purpose: string;
  readonly evidence_digest: string;
  readonly expires_at: Date | null;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly live: boolean;
}

/** Consents that customers have recorded. The evidence stays with them; only its digest is here. */
export class Consents {
  constructor(private readonly pool: pg.Pool) {}

  async record(request: z.output<typeof recordConsent.request>): Promise<Consent> {
    const { accountId, keyId, subject, purpose, evidenceDigest, expiresAt } = request;
    const values = [newId('cns'), accountId, keyId, subject, purpose, evidenceDigest, expiresAt];
    return this.one('record-consent', insertText, values);
  }

  /** @throws DomainError `consent.not_found` */
  get(accountId: string, consentId: string): Promise<Consent> {
    return this.one('get-consent', findText, [consentId, accountId]);
  }

  /** For good; the first time counts. @throws DomainError `consent.not_found` */
  revoke(accountId: string, consentId: string): Promise<Consent> {
    return this.one('revoke-consent', revokeText, [consentId, accountId]);
  }

  /** The newest first; ids sort by their time of birth. */
  async page(accountId: string, limit: number, before: string | null) {
    const values = [accountId, before, limit];
    const query = { name: 'list-consents', text: pageText, values };
    const consents = (await this.pool.query<ConsentRow>(query)).rows.map(consentOf);
    const next = consents.length < limit ? null : (consents.at(-1)?.consentId ?? null);
    return { consents, next };
  }

  private async one(name: string, text: string, values: unknown[]): Promise<Consent> {
    const [row] = (await this.pool.query<ConsentRow>({ name, text, values })).rows;
    if (row === undefined) throw new DomainError('consent.not_found');
    return consentOf(row);
  }
}

const consentOf = (row: ConsentRow): Consent => ({
  consentId: row.consent_id,
  subject: row.subject,
  purpose: row.purpose,
  evidenceDigest: row.evidence_digest,
  expiresAt: row.expires_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  live: row.live,
});
