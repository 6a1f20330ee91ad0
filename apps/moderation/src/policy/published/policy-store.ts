import { fold } from '@safelight/event-sourcing';
import { codeOf, transact } from '@safelight/postgres';
import type pg from 'pg';
import { type Policies, type PolicyCommand, type PolicyEvent, policyLife } from './life.js';
import { digestOfPolicy } from './policy-file.js';

const UNIQUE_VIOLATION = '23505';
const TRIES = 5;

const historyText = `
  select data, recorded_at from moderation.policy_events order by version`;
const appendText = `
  insert into moderation.policy_events (version, policy_digest, type, data)
  select * from unnest($1::int[], $2::text[], $3::text[], $4::jsonb[])`;

/** What happened to a policy, and when. */
export type DatedPolicyEvent = PolicyEvent & { readonly at: string };

/** Policies as they lie in the database: one sequence of events, only ever added to. */
export class PolicyStore {
  constructor(private readonly pool: pg.Pool) {}

  async policies(): Promise<Policies> {
    return fold(policyLife, await this.history());
  }

  /** @throws Error where a document is not the one that was approved of */
  async history(): Promise<DatedPolicyEvent[]> {
    const query = { name: 'read-policy-events', text: historyText };
    const { rows } = await this.pool.query<{ data: PolicyEvent; recorded_at: Date }>(query);
    return rows.map(({ data, recorded_at }) => {
      if (data.type === 'PolicyDrafted' && digestOfPolicy(data.document) !== data.policy) {
        throw new Error(`the policy ${data.document.name} is not the one that was drafted`);
      }
      return { ...data, at: recorded_at.toISOString() };
    });
  }

  /** @returns what came of it. @throws DomainError as the decider */
  async handle(command: PolicyCommand): Promise<PolicyEvent[]> {
    for (let tries = 1; ; tries += 1) {
      const history = await this.history();
      const events = policyLife.decide(command, fold(policyLife, history));
      try {
        if (events.length > 0) await this.append(history.length, events);
        return events;
      } catch (error) {
        // Somebody else was faster: what they did counts, and this is decided anew.
        if (codeOf(error) !== UNIQUE_VIOLATION || tries === TRIES) throw error;
      }
    }
  }

  private async append(version: number, events: readonly PolicyEvent[]): Promise<void> {
    const values = [
      events.map((_, at) => version + at + 1),
      events.map(({ policy }) => policy),
      events.map(({ type }) => type),
      events.map((event) => JSON.stringify(event)),
    ];
    await transact(this.pool, [{ name: 'append-policy-events', text: appendText, values }]);
  }
}
