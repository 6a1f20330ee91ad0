import type { InlineProjection } from '@safelight/event-store';
import type { StandingEvent } from './standing.js';

const CATEGORY = 'standing-';
export const standingStream = (accountId: string): string => `${CATEGORY}${accountId}`;

const text = `
  insert into moderation.standings (account_id, suspended, version, due)
  values ($1, $2, $3, true)
  on conflict (account_id) do update
    set suspended = excluded.suspended, version = excluded.version, due = true`;

/** Who is suspended, and where something is to be done for it elsewhere. */
export const standingProjection: InlineProjection = {
  name: 'standings',
  statements: (events) => {
    const last = new Map<string, { suspended: boolean; version: number }>();
    for (const { streamId, version, event: staged } of events) {
      const event = staged as StandingEvent;
      if (!streamId.startsWith(CATEGORY)) continue;
      if (event.type !== 'AccountSuspended' && event.type !== 'SuspensionLifted') continue;
      const suspended = event.type === 'AccountSuspended';
      last.set(streamId.slice(CATEGORY.length), { suspended, version });
    }
    return [...last]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([accountId, { suspended, version }]) => {
        return { name: 'standing-changed', text, values: [accountId, suspended, version] };
      });
  },
};
