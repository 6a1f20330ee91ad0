import { createPool } from '@safelight/postgres';
import type { Action } from '../decisions/judgement.js';

const readText = `
  select action as "from", shadow ->> 'action' as "to", shadow ->> 'category' as category,
    count(*)::int as count
  from moderation.decisions where shadow ->> 'policy' = $1 and shadow is not null
  group by 1, 2, 3 order by 4 desc`;

/** How many decisions a policy saw in shadow, and what it would have made of them. */
export interface Shadowed {
  readonly from: Action;
  readonly to: Action;
  readonly category: string | null;
  readonly count: number;
}

/** @param url of moderation's runtime role */
export async function shadowedBy(url: string, policy: string): Promise<Shadowed[]> {
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    return (await pool.query<Shadowed>(readText, [policy])).rows;
  } finally {
    await pool.end();
  }
}
