import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  captureHold,
  explainCharge,
  getBalance,
  grantCredits,
  newId,
  placeHold,
  priceItems,
  voidHold,
  type PricedItem,
} from '@safelight/contracts';
import { connectBus, RequestClient, type BusConnection } from '@safelight/messaging';
import { startTelemetry, type RunningService, type Telemetry } from '@safelight/telemetry';
import { eventually, testNats } from '@safelight/testing';
import { billingService, createLedgerKey } from './index.js';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from './test/billing-database.js';

const credits = (count: number) => BigInt(count) * 1_000_000n;
const item: PricedItem = {
  operation: 'generate',
  model: 'builtin/painter-1',
  width: 1024,
  height: 1024,
  steps: 20,
  images: 4,
  lane: 'standard',
};

let folder: string;
let postgres: BillingDatabases;
let database: BillingDatabase;
let nats: Awaited<ReturnType<typeof testNats>>;
let services: RunningService[];
let telemetry: Telemetry;
let bus: BusConnection;
let client: RequestClient;

beforeAll(async () => {
  [postgres, nats] = await Promise.all([billingDatabases(), testNats()]);
  database = await postgres.create();
  folder = await mkdtemp(join(tmpdir(), 'safelight-billing-'));
  const keyFile = join(folder, 'ledger-key.pem');
  await writeFile(keyFile, createLedgerKey());
  const env = {
    LEDGER_KEY_FILE: keyFile,
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    LOG_LEVEL: 'error',
    BILLING_SWEEP_EVERY_MS: '50',
    BILLING_RECONCILE_EVERY_MS: '100',
  };
  services = [await billingService.start(env), await billingService.start(env)];
  telemetry = startTelemetry({ service: 'test', logLevel: 'error' });
  bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
  client = new RequestClient(bus, telemetry);
});
afterAll(async () => {
  await bus.close();
  await Promise.all(services.map((service) => service.close()));
  await telemetry.shutdown();
  await Promise.all([postgres.stop(), nats.stop(), rm(folder, { recursive: true })]);
});

async function accountWith(count: number): Promise<string> {
  const accountId = newId('acc');
  await client.request(grantCredits, {
    grantId: `welcome-${accountId}`,
    accountId,
    amountMicros: credits(count),
    reason: 'test',
  });
  return accountId;
}
const place = (holdId: string, accountId: string, change = {}, lifetimeMs = 60_000) =>
  client.request(placeHold, { holdId, accountId, item: { ...item, ...change }, lifetimeMs });
async function balanceOf(accountId: string) {
  const { availableMicros, heldMicros } = await client.request(getBalance, { accountId });
  return { availableMicros, heldMicros };
}

describe('two billing services over NATS', () => {
  it('tell what things cost without holding, and hold nothing at another price than was told', async () => {
    const accountId = await accountWith(10);
    const { prices, priceVersion } = await client.request(priceItems, {
      items: [item, { ...item, lane: 'batch' }],
    });
    expect(prices.map((price) => price?.priceMicros)).toEqual([credits(4), 3_200_000n]);
    expect(prices[1]!.lines.map(({ amountMicros }) => amountMicros)).toEqual([
      credits(4),
      -800_000n,
    ]);
    const asked = { accountId, item, lifetimeMs: 60_000 };
    const refused = client.request(placeHold, { ...asked, holdId: newId('job'), quotedMicros: 1n });
    await expect(refused).rejects.toMatchObject({ code: 'price.changed' });
    expect(await balanceOf(accountId)).toMatchObject({ heldMicros: 0n });
    const quotedMicros = prices[0]!.priceMicros;
    const held = await client.request(placeHold, { ...asked, holdId: newId('job'), quotedMicros });
    expect(held).toMatchObject({ priceMicros: quotedMicros, priceVersion });
  });

  it('grant, hold and capture a part, each once however often asked', async () => {
    const accountId = await accountWith(10);
    const holdId = newId('job');
    const first = await place(holdId, accountId);
    expect(first).toMatchObject({
      priceMicros: credits(4),
      balance: { availableMicros: credits(6), heldMicros: credits(4) },
    });
    expect(await place(holdId, accountId)).toEqual(first);
    const part = { holdId, numerator: 3, denominator: 4 };
    const settled = {
      kind: 'captured',
      capturedMicros: credits(3),
      refundedMicros: credits(1),
    };
    expect(await client.request(captureHold, part)).toEqual(settled);
    expect(await client.request(captureHold, part)).toEqual(settled);
    expect(await client.request(voidHold, { holdId, reason: 'late' })).toEqual(settled);
    const balance = { availableMicros: credits(7), heldMicros: 0n };
    expect(await balanceOf(accountId)).toEqual(balance);
    await expect(place(holdId, accountId)).rejects.toMatchObject({ code: 'hold.resolved' });
  });

  it('explain a charge: the price line by line, its version, and what became of the hold', async () => {
    const accountId = await accountWith(10);
    const holdId = newId('job');
    await place(holdId, accountId, { lane: 'batch', detection: true });
    const asked = client.request(explainCharge, { accountId, holdId });
    const open = await asked;
    expect(open).toMatchObject({
      item: { ...item, lane: 'batch', detection: true },
      ...{ priceMicros: 3_350_000n, priceVersion: 'price-book-3', resolution: null },
      hold: { transactionId: `hold:${holdId}`, sequence: 2 },
    });
    expect(
      open.lines.map(({ rule, quantity, amountMicros }) => [rule, quantity, amountMicros]),
    ).toEqual([
      ['image', 4, 4_000_000n],
      ['lane:batch', 1, -800_000n],
      ['output_detection', 4, 150_000n],
    ]);
    await client.request(captureHold, { holdId, numerator: 1, denominator: 4 });
    const { resolution, ...rest } = await client.request(explainCharge, { accountId, holdId });
    expect(rest).toEqual({ ...open, resolution: undefined });
    expect(resolution).toMatchObject({
      ...{ transactionId: `settle:${holdId}`, sequence: 3, kind: 'captured', reason: null },
      ...{ capturedMicros: 837_500n, refundedMicros: 2_512_500n },
      earned: { numerator: 1, denominator: 4 },
    });
    const foreign = client.request(explainCharge, { accountId: newId('acc'), holdId });
    await expect(foreign).rejects.toMatchObject({ code: 'hold.unknown' });
  });

  it('void a hold', async () => {
    const accountId = await accountWith(10);
    const holdId = newId('job');
    await place(holdId, accountId, { images: 1, lane: 'batch' });
    expect(await client.request(voidHold, { holdId, reason: 'cancelled' })).toEqual({
      kind: 'voided',
      capturedMicros: 0n,
      refundedMicros: 800_000n,
    });
    expect(await balanceOf(accountId)).toEqual({ availableMicros: credits(10), heldMicros: 0n });
  });

  it('give back by themselves a hold that nobody resolves', async () => {
    const accountId = await accountWith(10);
    const holdId = newId('job');
    await place(holdId, accountId, {}, 1);
    await eventually(async () => (await balanceOf(accountId)).heldMicros === 0n);
    expect(await balanceOf(accountId)).toMatchObject({ availableMicros: credits(10) });
    expect(
      await client.request(captureHold, { holdId, numerator: 1, denominator: 1 }),
    ).toMatchObject({ kind: 'expired', capturedMicros: 0n });
  });

  it('refuse what cannot be paid, and what makes no sense', async () => {
    const accountId = await accountWith(3);
    const holdId = newId('job');
    await expect(place(holdId, accountId)).rejects.toMatchObject({ code: 'credits.insufficient' });
    await place(holdId, accountId, { images: 1 });
    await expect(place(holdId, accountId, { images: 2 })).rejects.toMatchObject({
      code: 'hold.mismatch',
    });
    await expect(place(newId('job'), newId('acc'))).rejects.toMatchObject({
      code: 'account.unknown',
    });
    await expect(balanceOf(newId('acc'))).rejects.toMatchObject({ code: 'account.unknown' });
    await expect(
      client.request(voidHold, { holdId: newId('job'), reason: 'none' }),
    ).rejects.toMatchObject({ code: 'hold.unknown' });
    await expect(
      client.request(captureHold, { holdId, numerator: 5, denominator: 4 }),
    ).rejects.toMatchObject({ code: 'capture.exceeds_hold' });
  });

  it('accept together exactly what an account can pay', async () => {
    const accountId = await accountWith(10);
    const asked = Array.from({ length: 200 }, () =>
      place(newId('job'), accountId, { images: 1 }).then(
        () => 'ok',
        (error: unknown) => (error as { code?: string }).code,
      ),
    );
    const verdicts = await Promise.all(asked);
    expect(verdicts.filter((verdict) => verdict === 'ok')).toHaveLength(10);
    expect(verdicts.filter((verdict) => verdict === 'credits.insufficient')).toHaveLength(190);
  });
});

describe('the operations port', () => {
  it('says that the service is ready and that the ledger reconciles', async () => {
    const url = services[0]!.opsUrl;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text.includes('billing_ledger_drift_micros') ? text : undefined;
    });
    for (const name of [
      'billing_ledger_drift_micros',
      'billing_holds_overdue',
      'billing_accounts_broken',
      'billing_transactions_broken',
      'billing_settlements_orphaned',
    ]) {
      expect(metrics).toMatch(new RegExp(`^${name}(\\{.*\\})? 0$`, 'm'));
    }
    expect(metrics).toMatch(/^billing_reconciled_timestamp_seconds(\{.*\})? 1\d{9}/m);
  });
});
