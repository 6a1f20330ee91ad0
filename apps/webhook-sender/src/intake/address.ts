import { encodeUuid, newId } from '@safelight/contracts';
import type { News } from './news.js';

/** An endpoint that may want to hear, as the database has it while it is locked. */
export interface Listener {
  readonly id: string;
  readonly account_id: string;
  readonly job_id: string | null;
  readonly receiver: string;
  readonly events: readonly string[];
  readonly last_number: bigint;
}

/** A delivery to be added. */
export interface NewDelivery {
  readonly id: string;
  readonly endpoint_id: string;
  readonly account_id: string;
  readonly receiver: string;
  readonly number: string;
  readonly event_id: string;
  readonly type: string;
  readonly test: boolean;
  readonly job_id: string | null;
  readonly sequence: number | null;
  readonly status: string | null;
  readonly occurred_at: string;
}

/** The id of an event, `evt_…`: the same for all who hear of it, and at every delivery of it. */
export const eventIdOf = (messageId: string): string => `evt_${encodeUuid(messageId)}`;

/** Who is told what, in order, each endpoint's events numbered on from its last one without a hole. */
export function address(news: readonly News[], listeners: readonly Listener[]): NewDelivery[] {
  return listeners.flatMap((listener) =>
    news
      .filter((one) => wants(listener, one))
      .map((one, index) => ({
        id: newId('dlv'),
        endpoint_id: listener.id,
        account_id: listener.account_id,
        receiver: listener.receiver,
        number: String(listener.last_number + BigInt(index + 1)),
        event_id: eventIdOf(one.messageId),
        type: one.type,
        test: false,
        job_id: one.jobId,
        sequence: one.sequence,
        status: one.status,
        occurred_at: one.occurredAt,
      })),
  );
}

const wants = ({ account_id, job_id, events }: Listener, news: News): boolean =>
  account_id === news.accountId &&
  (job_id === null || job_id === news.jobId) &&
  events.includes(news.type);
