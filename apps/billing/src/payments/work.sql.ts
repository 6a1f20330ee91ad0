import type { Step } from './next-step.js';
import type { Queries } from './top-up.sql.js';

/** Something that must be looked at; every new reason gives it another `wanted`. */
export interface Work {
  readonly subject: string;
  readonly wanted: bigint;
}

/** Whoever takes work has so long for it before another process tries. */
const CLAIM_SECONDS = 30;

/** Takes what is due, the oldest first, so that other processes leave it alone for a while. */
export async function takeDueWork(db: Queries, limit: number): Promise<Work[]> {
  const { rows } = await db.query<Work>(
    `update billing.payment_work w
     set due_at = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS})
     from (select subject from billing.payment_work where due_at <= clock_timestamp()
       order by due_at limit $1 for update skip locked) due
     where w.subject = due.subject returning w.subject, w.wanted`,
    [limit],
  );
  return rows;
}

export async function readWork(db: Queries, subject: string): Promise<Work | undefined> {
  const { rows } = await db.query<Work>(
    'select subject, wanted from billing.payment_work where subject = $1',
    [subject],
  );
  return rows[0];
}

/** Work that was wanted once more meanwhile stays. */
export async function endWork(db: Queries, { subject, wanted }: Work): Promise<void> {
  await db.query('delete from billing.payment_work where subject = $1 and wanted = $2', [
    subject,
    wanted,
  ]);
}

/** Which top-ups are joined to a payment. */
export async function readJoined(db: Queries, paymentRef: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select distinct top_up_id as id from billing.payment_facts
     where payment_ref = $1 and top_up_id is not null`,
    [paymentRef],
  );
  return rows.map(({ id }) => id);
}

export async function readSteps(db: Queries, topUpId: string): Promise<Step[]> {
  const { rows } = await db.query<Step>(
    `select s.step, s.wanted_micros as "wantedMicros", s.cause, e.moved_micros as "movedMicros"
     from billing.payment_steps s left join billing.payment_step_ends e using (top_up_id, step)
     where s.top_up_id = $1 order by s.step`,
    [topUpId],
  );
  return rows;
}

/** Does nothing when another process has decided this step. */
export async function insertStep(
  db: Queries,
  topUpId: string,
  { step, wantedMicros, cause }: Omit<Step, 'movedMicros'>,
): Promise<void> {
  await db.query(
    `insert into billing.payment_steps (top_up_id, step, wanted_micros, cause)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [topUpId, step, wantedMicros, cause],
  );
}

export async function endStep(
  db: Queries,
  topUpId: string,
  step: number,
  movedMicros: bigint,
): Promise<void> {
  await db.query(
    `insert into billing.payment_step_ends (top_up_id, step, moved_micros)
     values ($1, $2, $3) on conflict do nothing`,
    [topUpId, step, movedMicros],
  );
}

/** Top-ups that nobody has paid and of which nothing final was heard for so long. */
export async function readForgotten(db: Queries, afterHours: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select t.id from billing.top_ups t
     where t.created_at < clock_timestamp() - make_interval(hours => $1)
       and t.created_at > clock_timestamp() - make_interval(hours => 4 * $1)
       and not exists (select from billing.payment_facts f
         where f.top_up_id = t.id and f.kind in ('paid', 'failed', 'expired'))
     limit 100`,
    [afterHours],
  );
  return rows.map(({ id }) => id);
}
