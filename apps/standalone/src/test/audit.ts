import { eventually } from '@safelight/testing';
import pg from 'pg';

/** A rule that must hold over every row once all is quiet: a query that finds the breaches. */
const rules: readonly { readonly name: string; readonly breaches: string }[] = [
  {
    name: 'the postings sum to zero',
    breaches:
      'SELECT sum(amount_micros)::text AS breach FROM billing.entries HAVING sum(amount_micros) <> 0',
  },
  {
    name: 'every hold is resolved, once',
    breaches: `SELECT h.hold_id AS breach FROM billing.holds h
               LEFT JOIN billing.resolutions r USING (hold_id)
               JOIN orchestrator.jobs j ON j.job_id = h.hold_id
               WHERE r.hold_id IS NULL`,
  },
  {
    name: 'every accepted job has its hold, but none that a test key made',
    breaches: `SELECT j.job_id AS breach FROM orchestrator.jobs j
               LEFT JOIN billing.holds h ON h.hold_id = j.job_id
               WHERE (h.hold_id IS NULL) <> (j.spec -> 'test' IS NOT NULL)`,
  },
  {
    name: 'a job is charged when it completed, and only then',
    breaches: `SELECT j.job_id AS breach FROM orchestrator.jobs j
               JOIN billing.resolutions r ON r.hold_id = j.job_id
               WHERE (j.status = 'completed') <> (r.kind = 'captured' AND r.captured_micros > 0)`,
  },
  {
    name: 'no job is left without an end',
    breaches: `SELECT job_id AS breach FROM orchestrator.jobs WHERE status IN ('pending', 'processing')`,
  },
  {
    name: 'a balance is the fold of its entries',
    breaches: `SELECT e.ledger_account AS breach FROM billing.entries e
               WHERE e.sequence IS NOT NULL
               GROUP BY e.ledger_account
               HAVING sum(e.amount_micros) <>
                 (array_agg(e.balance_after_micros ORDER BY e.sequence DESC))[1]`,
  },
  {
    name: 'the versions of a stream have no gap',
    breaches: `SELECT stream_id AS breach FROM (
                 SELECT stream_id, count(*) AS n, max(version) AS top FROM orchestrator.events GROUP BY 1
                 UNION ALL
                 SELECT stream_id, count(*), max(version) FROM dispatch.events GROUP BY 1) s
               WHERE n <> top`,
  },
];

/** What every rule found, by its name; empty when the whole database is sound. */
export async function audit(databaseUrl: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found: Record<string, string[]> = {};
    for (const { name, breaches } of rules) {
      const { rows } = await client.query<{ breach: string }>(breaches);
      if (rows.length > 0) found[name] = rows.slice(0, 5).map(({ breach }) => breach);
    }
    return found;
  } finally {
    await client.end();
  }
}

/** The same as soon as it finds nothing, or what it still finds when the time is over. */
export async function auditAtLast(
  databaseUrl: string,
  deadlineMs: number,
): Promise<Record<string, string[]>> {
  let found: Record<string, string[]> = {};
  const sound = async () => {
    found = await audit(databaseUrl);
    return Object.keys(found).length === 0;
  };
  await eventually(sound, { deadlineMs }).catch(() => undefined);
  return found;
}
