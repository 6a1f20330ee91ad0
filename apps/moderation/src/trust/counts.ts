import { withDesk } from '../operators-pool.js';

/** How often something happened in a month. */
export interface Count {
  readonly what: 'decisions' | 'appeals' | 'reports' | 'suspensions';
  /** The rule of a decision, or the reason of a report. */
  readonly category: string;
  readonly outcome: string;
  readonly count: number;
}

const countsText = `
  with month as (
    select ($1 || '-01T00:00:00Z')::timestamptz as first,
      ($1 || '-01T00:00:00Z')::timestamptz + interval '1 month' as after)
  select 'decisions' as what, coalesce(rule_id, 'none') as category,
    stage || ' ' || verdict as outcome, count(*)::int as count
  from moderation.decisions, month where recorded_at >= first and recorded_at < after
  group by rule_id, stage, verdict
  union all
  select 'appeals', coalesce(d.rule_id, 'none'), a.state, count(*)::int
  from moderation.appeals a join moderation.decisions d using (decision_id), month
  where a.created_at >= first and a.created_at < after group by d.rule_id, a.state
  union all
  select 'reports', reason, state, count(*)::int
  from moderation.reports, month where created_at >= first and created_at < after
  group by reason, state
  union all
  select 'suspensions', payload ->> 'ruleId', type, count(*)::int
  from moderation.events, month
  where type = 'AccountSuspended' and recorded_at >= first and recorded_at < after
  group by payload ->> 'ruleId', type
  order by 1, 2, 3`;

/**
 * For a transparency report: what was decided, appealed, reported and suspended in a month (UTC), by
 * rule or reason and by what came of it until now. Counts alone, of nobody.
 *
 * @param month `2026-11`
 */
export const countsOf = (databaseUrl: string, month: string): Promise<Count[]> =>
  withDesk(databaseUrl, async ({ pool }) => (await pool.query<Count>(countsText, [month])).rows);
