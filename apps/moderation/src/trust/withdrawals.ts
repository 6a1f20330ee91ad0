import { withdrawConsent } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type pg from 'pg';

const dueText = `
  select consent_id, account_id from moderation.consents
  where revoked_at is not null and withdrawn_at is null
  order by consent_id limit 100`;
const doneText = `
  update moderation.consents set withdrawn_at = greatest(clock_timestamp(), revoked_at)
  where consent_id = $1 and withdrawn_at is null`;

interface Due {
  readonly consent_id: string;
  readonly account_id: string;
}

/**
 * Sees to it that nothing is left that leans on a revoked consent: asks the orchestrator until it says
 * so. The table remembers what is still to be done, so whoever dies in between, or is not answered,
 * does it later; two at once do no harm.
 */
export class Withdrawals {
  private running: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly services: RequestClient,
  ) {}

  /** All that is due now, with what gets due meanwhile. Rejects when somebody does not answer. */
  carryOut(): Promise<void> {
    this.again = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.again) {
      this.again = false;
      const { rows } = await this.pool.query<Due>({ name: 'due-withdrawals', text: dueText });
      await Promise.all(rows.map((due) => this.withdraw(due)));
    }
  }

  /** Jobs that are just being settled are left for the next time. */
  private async withdraw({ consent_id: consentId, account_id: accountId }: Due): Promise<void> {
    const ask = () => this.services.request(withdrawConsent, { accountId, consentId });
    let answer = await ask();
    while (answer.left && answer.cancelled + answer.erased > 0) answer = await ask();
    if (answer.left) return;
    await this.pool.query({ name: 'consent-withdrawn', text: doneText, values: [consentId] });
  }
}
