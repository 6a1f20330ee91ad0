import type { Overdue } from './sweep.js';

/** A page of what is over, as a statement tells it. */
export interface OverdueRow {
  readonly now_ms: string;
  readonly ids: string[] | null;
  readonly looked_at: number;
  readonly until_ms: string | null;
}

export function overdueFrom(row: OverdueRow | undefined, limit: number): Overdue {
  if (!row) throw new Error('what is over could not be read');
  const isWhole = row.looked_at < limit || row.until_ms === null;
  return {
    nowMs: Number(row.now_ms),
    ids: row.ids ?? [],
    lookedUntilMs: isWhole ? null : Number(row.until_ms),
  };
}
