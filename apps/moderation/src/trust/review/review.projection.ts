import type { InlineProjection } from '@safelight/event-store';
import type { ReviewEvent } from './review.js';

const CATEGORY = 'review-';
export const reviewStream = (caseId: string): string => `${CATEGORY}${caseId}`;

const text = `
  update moderation.appeals
  set state = $2, decided_at = coalesce(decided_at, now()), due = $2 = 'overturned'
  where appeal_id = $1 and state = 'open'`;
const doneText = `update moderation.appeals set due = false where appeal_id = $1`;

/** The rows of appeals follow what people decided. */
export const reviewProjection: InlineProjection = {
  name: 'reviews',
  statements: (events) =>
    events
      .filter(({ streamId }) => streamId.startsWith(CATEGORY))
      .toSorted((a, b) => (a.streamId < b.streamId ? -1 : 1))
      .flatMap(({ streamId, event: staged }) => {
        const caseId = streamId.slice(CATEGORY.length);
        const { type } = staged as ReviewEvent;
        if (type === 'RefusalUpheld' || type === 'RefusalOverturned') {
          const state = type === 'RefusalUpheld' ? 'upheld' : 'overturned';
          return [{ name: 'appeal-decided', text, values: [caseId, state] }];
        }
        if (type !== 'OverturnCarriedOut') return [];
        return [{ name: 'appeal-carried-out', text: doneText, values: [caseId] }];
      }),
};
