import { createHash } from 'node:crypto';
import { newId, withholdOutput } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import type pg from 'pg';
import { readBankFile } from '../../banks/bank-file.js';
import type { BankStore } from '../../banks/bank-store.js';
import { TAKEDOWNS } from '../../banks/hash-banks.js';
import type { Quarantine } from '../quarantine/quarantine.js';
import type { Sightings, Wanted } from './sightings.js';
import type { Copy, Fate } from './takedown.js';
import type { TakedownHands } from './takedowns.js';

const subjectText = `
  select job_id, output_id, image_digest, image_hashes from moderation.reports
  where report_id = $1`;
const othersText = `
  select report_id from moderation.takedown_claims
  where object_key = $1 and report_id <> $2 and live order by report_id limit 1`;
const addText = `
  insert into moderation.takedown_hashes (kind, hash, report_id)
  select kind, hash, $3 from unnest($1::text[], $2::text[]) as one (kind, hash)
  on conflict do nothing`;
const allText = `
  select distinct hash from moderation.takedown_hashes where kind = $1 order by hash`;

const ORIENTATIONS = 8;
const KINDS = ['sha256', 'pdq'] as const;
const PROVENANCE = 'pictures that were taken down here';

interface Subject {
  readonly job_id: string | null;
  readonly output_id: string | null;
  readonly image_digest: string | null;
  readonly image_hashes: readonly string[];
}

export interface HandsParts {
  readonly pool: pg.Pool;
  readonly sightings: Sightings;
  readonly quarantine: Quarantine;
  readonly banks: BankStore;
  readonly services: RequestClient;
}

/** What takedowns do to the world. */
export class Hands implements TakedownHands {
  constructor(private readonly parts: HandsParts) {}

  readonly list = async (reportId: string): Promise<Copy[]> => {
    const { wanted, named } = await this.wanted(reportId);
    return this.parts.sightings.copiesOf(wanted, named);
  };

  /** The file first: from then on no link leads to it. Then its owner is told. */
  readonly disable = async (reportId: string, copy: Copy): Promise<Fate> => {
    const { objectKey, mediaType } = copy;
    const fate = await this.parts.quarantine.take(reportId, objectKey, mediaType);
    await this.tellOwner(reportId, copy, true);
    return fate;
  };

  /** Unless another case is about it, too. One that came meanwhile gets it again. */
  readonly restore = async (reportId: string, copy: Copy): Promise<void> => {
    const { objectKey, mediaType } = copy;
    const { quarantine } = this.parts;
    if ((await this.other(reportId, objectKey)) === undefined) await quarantine.giveBack(objectKey);
    const other = await this.other(reportId, objectKey);
    if (other !== undefined) await quarantine.take(other, objectKey, mediaType);
    await this.tellOwner(reportId, copy, false);
  };

  /** One bank for each kind, made anew: thousands of banks would stand in every receipt. */
  readonly bank = async (reportId: string, copies: readonly Copy[]): Promise<void> => {
    const { wanted } = await this.wanted(reportId);
    const digests = [...new Set([...wanted.digests, ...copies.map(({ digest }) => digest)])];
    const turned = [...wanted.hashes, ...(await this.parts.sightings.hashesOf(digests))];
    const hashes = turned.filter((_, at) => at % ORIENTATIONS === 0);
    const kinds = [...digests.map(() => 'sha256'), ...hashes.map(() => 'pdq')];
    const values = [kinds, [...digests, ...hashes], reportId];
    await this.parts.pool.query({ name: 'add-takedown-hashes', text: addText, values });
    for (const kind of KINDS) await this.rebuild(kind);
  };

  private async rebuild(kind: (typeof KINDS)[number]): Promise<void> {
    const query = { name: 'takedown-hashes', text: allText, values: [kind] };
    const { rows } = await this.parts.pool.query<{ hash: string }>(query);
    if (rows.length === 0) return;
    const { hashes, count } = readBankFile(rows.map(({ hash }) => hash).join('\n'), kind);
    const digest = createHash('sha256').update(hashes).digest('hex');
    const name = `${TAKEDOWNS}${kind}`;
    const bank = { bankId: newId('bnk'), name, kind, count, digest, provenance: PROVENANCE };
    await this.parts.banks.handle({ type: 'ImportBank', bank, replaces: true }, hashes);
  }

  private async wanted(reportId: string): Promise<{ wanted: Wanted; named: string[] }> {
    const query = { name: 'report-subject', text: subjectText, values: [reportId] };
    const [row] = (await this.parts.pool.query<Subject>(query)).rows;
    if (row === undefined) throw new DomainError('case.not_found');
    if (row.job_id !== null) return this.parts.sightings.wantedOf(row.job_id, row.output_id);
    const digests = row.image_digest === null ? [] : [row.image_digest];
    return { wanted: { digests, hashes: row.image_hashes }, named: [] };
  }

  private async other(reportId: string, objectKey: string): Promise<string | undefined> {
    const query = { name: 'other-claims', text: othersText, values: [objectKey, reportId] };
    const { rows } = await this.parts.pool.query<{ report_id: string }>(query);
    return rows[0]?.report_id;
  }

  private async tellOwner(reportId: string, copy: Copy, withheld: boolean): Promise<void> {
    const { jobId, outputId } = copy;
    const context = { correlationId: reportId, causationId: reportId };
    const asked = { jobId, outputId, caseId: reportId, withheld };
    try {
      await this.parts.services.request(withholdOutput, asked, { context });
    } catch (error) {
      // The job's own records may be younger than the file's, after a restore.
      if (!(error instanceof DomainError && error.code === 'job.not_found')) throw error;
    }
  }
}
