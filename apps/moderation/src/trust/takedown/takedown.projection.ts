import type { InlineProjection, StagedEvent } from '@safelight/event-store';
import type { Statement } from '@safelight/postgres';
import { reportIdOf, isTakedown } from './case-files.js';
import type { TakedownEvent } from './takedown.js';

const stateText = `
  update moderation.reports r set
    state = coalesce(case when c.state = 'disabled' and r.state <> 'open' then null else c.state end,
      r.state),
    decided_at = case when c.decided then coalesce(r.decided_at, now()) else r.decided_at end,
    look_at = case when c.closed then null when c.decided then now() else r.look_at end
  from unnest($1::text[], $2::text[], $3::boolean[], $4::boolean[])
    as c (report_id, state, decided, closed)
  where r.report_id = c.report_id`;
const claimText = `
  insert into moderation.takedown_claims (report_id, object_key)
  select * from unnest($1::text[], $2::text[]) on conflict do nothing`;
const releaseText = `
  update moderation.takedown_claims set live = false where report_id = any($1::text[]) and live`;

interface Change {
  readonly reportId: string;
  readonly state: string | null;
  readonly decided: boolean;
  readonly closed: boolean;
}

/** The rows of reports, with the claims of their cases, follow the events of their cases. */
export const takedownProjection: InlineProjection = {
  name: 'takedowns',
  statements: (events) => {
    const own = events.filter(({ streamId }) => isTakedown(streamId));
    return [...claimsOf(own), ...own.flatMap(changeOf).flatMap(statementOf)];
  },
};

function claimsOf(events: readonly StagedEvent[]): Statement[] {
  const claims = events.flatMap(({ streamId, event: staged }) => {
    const event = staged as TakedownEvent;
    if (event.type !== 'CopiesListed') return [];
    return event.copies.map(({ objectKey }) => [reportIdOf(streamId), objectKey] as const);
  });
  if (claims.length === 0) return [];
  const ordered = claims.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  const values = [ordered.map(([reportId]) => reportId), ordered.map(([, key]) => key)];
  return [{ name: 'claim-copies', text: claimText, values }];
}

function changeOf({ streamId, event: staged }: StagedEvent): Change[] {
  const reportId = reportIdOf(streamId);
  const none = { reportId, state: null, decided: false, closed: false };
  switch ((staged as TakedownEvent).type) {
    case 'EverythingDisabled':
      return [{ ...none, state: 'disabled' }];
    case 'NoticeUpheld':
      return [{ ...none, state: 'taken_down', decided: true }];
    case 'NoticeDismissed':
      return [{ ...none, state: 'dismissed', decided: true }];
    case 'CaseClosed':
      return [{ ...none, closed: true }];
    default:
      return [];
  }
}

/** One after the other: a case may be decided and closed in one batch. */
function statementOf({ reportId, state, decided, closed }: Change): Statement[] {
  const values = [[reportId], [state], [decided], [closed]];
  const change = { name: 'report-state', text: stateText, values };
  if (state !== 'dismissed') return [change];
  return [change, { name: 'release-claims', text: releaseText, values: [[reportId]] }];
}
