import {
  getBalance,
  grantCredits,
  newId,
  readTopUp,
  receivePaymentEvent,
  startTopUp,
  type PackageName,
} from '@safelight/contracts';
import { connectBus, RequestClient, type BusConnection } from '@safelight/messaging';
import { createPool } from '@safelight/postgres';
import { startTelemetry, type RunningService } from '@safelight/telemetry';
import {
  eventually,
  StripeServer,
  testNats,
  type SignedEvent,
  type TestNats,
} from '@safelight/testing';
import type pg from 'pg';
import { billingService } from '../index.js';
import { billingDatabases, type BillingDatabases } from './billing-database.js';
import { ledgerKeyFile } from './ledger-key-file.js';

const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });

interface Behind {
  readonly postgres: BillingDatabases;
  readonly nats: TestNats;
  readonly bus: BusConnection;
  readonly services: readonly RunningService[];
  readonly log: readonly string[];
}

/** Two billing services on one database, Stripe's protocol, and somebody who asks them. */
export class PaymentWorld {
  private constructor(
    readonly stripe: StripeServer,
    readonly pool: pg.Pool,
    readonly client: RequestClient,
    private readonly behind: Behind,
  ) {}

  /** @param played where no money moves: the development provider in Stripe's place */
  static async build({ played = false } = {}): Promise<PaymentWorld> {
    const [postgres, nats, stripe] = await Promise.all([
      billingDatabases(),
      testNats(),
      StripeServer.start(),
    ]);
    const { url } = await postgres.create();
    const key = await ledgerKeyFile();
    const env = {
      LEDGER_KEY_FILE: key.path,
      DATABASE_URL: url,
      NATS_URL: nats.url,
      LOG_LEVEL: 'warn',
      ...(played ? { DEVELOPMENT_PAYMENTS_SECRET: 'p'.repeat(32) } : environmentOf(stripe)),
      BILLING_PAYMENTS_EVERY_MS: '50',
    };
    const log: string[] = [];
    const overrides = { logDestination: { write: (line: string) => void log.push(line) } };
    const services = [
      await billingService.start(env, overrides),
      await billingService.start(env, overrides),
    ];
    await key.remove();
    const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
    const pool = createPool({ url, applicationName: 'test' });
    const client = new RequestClient(bus, telemetry);
    return new PaymentWorld(stripe, pool, client, { postgres, nats, bus, services, log });
  }

  /** What the services logged, from warnings on. */
  get logged(): readonly Readonly<Record<string, unknown>>[] {
    return this.behind.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The value of a counter, of both services together. */
  async counted(metric: string): Promise<number> {
    const texts = this.behind.services.map(async ({ opsUrl }) =>
      (await fetch(`${opsUrl}/metrics`)).text(),
    );
    const values = (await Promise.all(texts)).map((text) =>
      Number(new RegExp(`^${metric}(?:_total)?(?:\\{.*\\})? (\\d+)`, 'm').exec(text)?.[1] ?? 0),
    );
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** A purchase whose page is open. */
  async buy(options: { accountId?: string; package?: PackageName; saveMethod?: boolean } = {}) {
    const accountId = options.accountId ?? newId('acc');
    const topUp = await this.client.request(startTopUp, {
      topUpId: newId('top'),
      accountId,
      package: options.package ?? 'small',
      saveMethod: options.saveMethod ?? false,
      returnUrl: 'https://shop.example.com/back',
      publicUrl: 'https://api.example.com',
    });
    const sessionId = topUp.checkoutUrl?.split('/').at(-1) ?? '';
    return { accountId, topUp, sessionId };
  }

  send({ body, signature }: Pick<SignedEvent, 'body' | 'signature'>) {
    const event = { body: Buffer.from(body).toString('base64'), signature };
    return this.client.request(receivePaymentEvent, event);
  }

  view(accountId: string, topUpId: string) {
    return this.client.request(readTopUp, { accountId, topUpId });
  }

  /** In credits; nothing for who never had any. */
  async credits(accountId: string): Promise<number> {
    const balance = await this.client
      .request(getBalance, { accountId })
      .catch(() => ({ availableMicros: 0n, heldMicros: 0n }));
    return Number(balance.availableMicros) / 1e6;
  }

  hasCredits(accountId: string, credits: number): Promise<unknown> {
    return eventually(async () => (await this.credits(accountId)) === credits);
  }

  grant(accountId: string, credits: number) {
    const amountMicros = BigInt(credits) * 1_000_000n;
    const grantId = newId('evt');
    return this.client.request(grantCredits, { grantId, accountId, amountMicros, reason: 'test' });
  }

  /** The payment intent of a session that was paid. */
  intentOf(sessionId: string): string {
    return this.stripe.made.get(sessionId)?.['payment_intent'] as string;
  }

  /**
   * Resolves when each kind of work that is due now has been looked at so many times more: work that
   * nothing comes of is taken by a sweep and let go of.
   */
  async sweeps(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await this.pool.query(
        `insert into billing.payment_work (subject, due_at) values ('payment:none', now())`,
      );
      await eventually(async () => {
        const { rows } = await this.pool.query('select from billing.payment_work');
        return rows.length === 0;
      });
    }
  }

  async close(): Promise<void> {
    const { postgres, nats, bus, services } = this.behind;
    await bus.close();
    await Promise.all(services.map((service) => service.close()));
    await this.pool.end();
    await Promise.all([postgres.stop(), nats.stop(), this.stripe.close()]);
  }
}

const environmentOf = (stripe: StripeServer) => ({
  STRIPE_SECRET_KEY: stripe.secretKey,
  STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
  STRIPE_API_URL: stripe.url,
});
