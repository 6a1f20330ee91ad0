import { CommandHandler, type EventStore } from '@safelight/event-store';
import type pg from 'pg';
import { takedown, type Takedown, type TakedownCommand, type TakedownEvent } from './takedown.js';

const CATEGORY = 'takedown-';
export const reportIdOf = (streamId: string): string => streamId.slice(CATEGORY.length);
export const isTakedown = (streamId: string): boolean => streamId.startsWith(CATEGORY);

const AT_ONCE = 200;
const dueText = `
  select report_id, reason, signed, created_at, look_at::text as look_at
  from moderation.reports where look_at <= $1 order by look_at limit ${AT_ONCE}`;
const sleepText = `
  update moderation.reports set look_at = $3
  where report_id = $1 and look_at = $2::timestamptz`;

/** A case that has something to be done. */
export interface DueCase {
  readonly reportId: string;
  readonly reason: string;
  readonly signed: boolean;
  readonly receivedAt: Date;
  /** Changes when somebody decides meanwhile. */
  readonly mark: string;
}

interface DueRow {
  readonly report_id: string;
  readonly reason: string;
  readonly signed: boolean;
  readonly created_at: Date;
  readonly look_at: string;
}

/** The cases of reports: their events, and when to look at which. */
export class CaseFiles {
  private readonly cases: CommandHandler<TakedownCommand, TakedownEvent, Takedown>;

  constructor(
    private readonly pool: pg.Pool,
    store: EventStore,
  ) {
    const streamOf = (reportId: string) => `${CATEGORY}${reportId}`;
    const isOver = ({ closed }: Takedown) => closed;
    this.cases = new CommandHandler({ store, decider: takedown, streamOf, isOver });
  }

  /** @throws DomainError as the decider */
  async handle(
    reportId: string,
    command: TakedownCommand,
    commandId: string,
  ): Promise<{ state: Takedown; events: readonly TakedownEvent[] }> {
    const context = { correlationId: reportId, causationId: commandId };
    const { state, events } = await this.cases.handle(reportId, command, { commandId, context });
    return { state, events: events.map(({ event }) => event) };
  }

  async load(reportId: string): Promise<Takedown> {
    return (await this.cases.load(reportId)).state;
  }

  /** The longest due first. */
  async due(now: Date): Promise<DueCase[]> {
    const query = { name: 'due-reports', text: dueText, values: [now] };
    const { rows } = await this.pool.query<DueRow>(query);
    return rows.map((row) => ({
      ...{ reportId: row.report_id, reason: row.reason, signed: row.signed },
      ...{ receivedAt: row.created_at, mark: row.look_at },
    }));
  }

  /** Unless somebody decided meanwhile: then it is due at once. */
  async sleep({ reportId, mark }: DueCase, until: Date | null): Promise<void> {
    const values = [reportId, mark, until];
    await this.pool.query({ name: 'report-sleeps', text: sleepText, values });
  }
}
