import type { WebhookDelivery } from '@safelight/contracts';
import type pg from 'pg';

type Attempt = WebhookDelivery['attempts'][number];

export interface DeliveryRow {
  readonly id: string;
  readonly event_id: string;
  readonly number: bigint;
  readonly type: WebhookDelivery['type'];
  readonly test: boolean;
  readonly job_id: string | null;
  readonly sequence: number | null;
  readonly state: WebhookDelivery['state'];
  readonly occurred_at: Date;
  readonly acknowledged_at: Date | null;
  readonly due_at: Date | null;
}

interface AttemptRow {
  readonly delivery_id: string;
  readonly attempt: number;
  readonly at: Date;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly next_at: Date | null;
}

/** The deliveries with every try of each, oldest try first. */
export async function withAttempts(
  db: Pick<pg.Pool, 'query'>,
  rows: readonly DeliveryRow[],
): Promise<WebhookDelivery[]> {
  const { rows: tries } = await db.query<AttemptRow>(
    'SELECT * FROM webhooks.attempts WHERE delivery_id = ANY($1) ORDER BY delivery_id, attempt',
    [rows.map(({ id }) => id)],
  );
  return rows.map((row) =>
    toDelivery(row, tries.filter(({ delivery_id }) => delivery_id === row.id).map(toAttempt)),
  );
}

const toDelivery = (row: DeliveryRow, attempts: Attempt[]): WebhookDelivery => ({
  id: row.id,
  eventId: row.event_id,
  number: Number(row.number),
  type: row.type,
  test: row.test,
  jobId: row.job_id,
  sequence: row.sequence,
  state: row.state,
  occurredAt: row.occurred_at.toISOString(),
  acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  dueAt: row.due_at?.toISOString() ?? null,
  attempts,
});

const toAttempt = (row: AttemptRow): Attempt => ({
  attempt: row.attempt,
  at: row.at.toISOString(),
  durationMs: row.duration_ms,
  status: row.status,
  error: row.error,
  nextAt: row.next_at?.toISOString() ?? null,
});
