import { endAccountJobs, setAccountStanding, type Receipt } from '@safelight/contracts';
import { CommandHandler, type EventStore } from '@safelight/event-store';
import type { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { Quarantine } from '../trust/quarantine/quarantine.js';
import {
  type Effect,
  openEffects,
  type Standing,
  standing,
  type StandingCommand,
  type StandingEvent,
  type StandingPolicy,
} from './standing.js';
import { standingStream } from './standing.projection.js';

/** Requests that were let in before the keys stopped have come to jobs by then. */
const QUIET_AFTER_MS = 60_000;

const strikesText = `
  select decision_id, account_id, receipt from moderation.standing_due
  order by decision_id limit 200`;
const struckText = `delete from moderation.standing_due where decision_id = $1`;
const dueText = `
  select account_id, version from moderation.standings where due order by account_id limit 200`;
const settledText = `
  update moderation.standings set due = false where account_id = $1 and version = $2`;
const evidenceText = `
  select s.object_key, s.media_type from moderation.decisions d
  join moderation.sightings s
    on s.digest = d.subject_digest and s.job_id = d.job_id and s.side = 'output'
  where d.decision_id = $1`;

export interface StandingsParts {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly services: RequestClient;
  readonly quarantine: Quarantine;
  readonly policy: StandingPolicy;
  readonly logger: Telemetry['logger'];
  readonly now: () => Date;
}

/** The standings of accounts, for whoever decides upon them. */
export class StandingFiles extends CommandHandler<StandingCommand, StandingEvent, Standing> {
  constructor(store: EventStore) {
    super({ store, decider: standing, streamOf: standingStream });
  }
}

/**
 * Turns refusals into strikes, and sees to it that a suspension is one everywhere: the gateway refuses
 * the keys, the orchestrator ends the open jobs and gives back what was held, evidence is sealed away.
 * The database remembers what is still to be done; all of it may be done twice.
 */
export class Standings {
  private readonly files: StandingFiles;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: StandingsParts) {
    this.files = new StandingFiles(parts.store);
  }

  /** Rejects when somebody does not answer; what was not done is done the next time. */
  carryOut(): Promise<void> {
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    await this.strike();
    const { rows } = await this.parts.pool.query<{ account_id: string; version: number }>(dueText);
    const settled = await Promise.allSettled(
      rows.map(({ account_id, version }) => this.settle(account_id, version)),
    );
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
  }

  private async strike(): Promise<void> {
    const { pool, policy } = this.parts;
    type Row = { decision_id: string; account_id: string; receipt: string };
    for (;;) {
      const { rows } = await pool.query<Row>(strikesText);
      if (rows.length === 0) return;
      for (const { decision_id: decisionId, account_id: accountId, receipt } of rows) {
        const { ruleId, category, decidedAt } = JSON.parse(receipt) as Receipt;
        const facts = { decisionId, ruleId: ruleId ?? '', category: category ?? '', at: decidedAt };
        const command = { type: 'RecordStrike', ...facts, policy } as const;
        const context = { correlationId: accountId, causationId: decisionId };
        const meta = { commandId: `strike:${decisionId}`, context };
        const { events } = await this.files.handle(accountId, command, meta);
        for (const { event } of events) this.tell(accountId, event);
        await pool.query(struckText, [decisionId]);
      }
    }
  }

  /** In their order, and all of them: the row stays due until nothing is left. */
  private async settle(accountId: string, version: number): Promise<void> {
    const { state } = await this.files.load(accountId);
    for (const effect of openEffects(state)) {
      if (!(await this.does(effect, accountId, version, state))) return;
      await this.record(accountId, effect, state);
    }
    await this.parts.pool.query(settledText, [accountId, version]);
  }

  /** @returns whether nothing is left of it */
  private async does(
    effect: Effect,
    accountId: string,
    version: number,
    { suspension, suspended }: Standing,
  ): Promise<boolean> {
    if (suspension === null) return true;
    const { suspensionId, decisionId, atMs } = suspension;
    // The suspension is the conversation and the cause of everything that comes of it.
    const context = { correlationId: suspensionId, causationId: suspensionId };
    const { services } = this.parts;
    if (effect === 'keys') {
      const asked = { accountId, suspended, suspensionId, version };
      await services.request(setAccountStanding, asked, { context });
      return true;
    }
    if (effect === 'evidence') return this.seal(decisionId);
    const { left } = await services.request(
      endAccountJobs,
      { accountId, suspensionId },
      { context },
    );
    return !left && this.parts.now().getTime() - atMs >= QUIET_AFTER_MS;
  }

  /** The output that was refused; what was refused before it was a job was sealed with its refusal. */
  private async seal(decisionId: string): Promise<boolean> {
    type Row = { object_key: string; media_type: string };
    const { rows } = await this.parts.pool.query<Row>(evidenceText, [decisionId]);
    for (const { object_key, media_type } of rows) {
      await this.parts.quarantine.take(decisionId, object_key, media_type);
    }
    return true;
  }

  private async record(accountId: string, effect: Effect, state: Standing): Promise<void> {
    const { suspension, suspended } = state;
    if (suspension === null) return;
    const { suspensionId } = suspension;
    const at = this.parts.now().toISOString();
    const event = { type: 'EffectDone', at, suspensionId, effect, suspended } as const;
    const context = { correlationId: suspensionId, causationId: suspensionId };
    const commandId = `effect:${suspensionId}:${effect}:${suspended ? 'on' : 'off'}`;
    await this.files.handle(accountId, { type: 'RecordEffect', event }, { commandId, context });
  }

  private tell(accountId: string, event: StandingEvent): void {
    if (event.type !== 'AccountSuspended') return;
    const { suspensionId, ruleId, sum } = event;
    const about = { account_id: accountId, suspension_id: suspensionId, rule: ruleId, sum };
    this.parts.logger.error(about, 'an account was suspended; a report is due to whom it concerns');
  }
}
