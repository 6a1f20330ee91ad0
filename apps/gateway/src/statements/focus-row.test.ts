import { describe, expect, it } from '@jest/globals';
import type { StatementHead, StatementLine } from '@safelight/contracts';
import { Exact, type Field } from './csv-row.js';
import { focusColumns, focusRow } from './focus-row.js';

const none = { sequence: 0, availableMicros: 0n, heldMicros: 0n, paidMicros: 0n };
const head: StatementHead = {
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  ...{ asOf: null, opening: none, closing: none },
  // 3,000 credits for 108 USD: 0.036 each.
  bought: { creditsMicros: 3_000_000_000n, cents: 10_800n },
};
const context = { accountId: 'acc_1', accountName: 'Lakeside', head };
const job = {
  sequence: 3,
  type: 'charge',
  subject: { type: 'job', id: 'job_1' },
  jobId: 'job_1',
  at: '2026-11-21T12:34:56.789Z',
  amountMicros: -1_000_001n,
  paidMicros: -500_001n,
  ...{ reason: null, cents: null, originAt: null },
  charge: {
    item: {
      ...{ operation: 'generate', model: 'builtin/atelier', lane: 'batch', images: 4 },
      ...{ width: 1024, height: 1024, steps: 4 },
    },
    priceVersion: 'v1',
    lines: [],
    keyId: 'key_1',
    earned: { numerator: 3, denominator: 4 },
  },
} as const satisfies StatementLine;

function rowOf(line: StatementLine): Readonly<Record<string, unknown>> {
  const fields = focusRow(line, context).map(plain);
  return Object.fromEntries(
    focusColumns.map((column, n): [string, unknown] => [column, fields[n]]),
  );
}
const plain = (field: Field) => (field instanceof Exact ? field.text : field);

/** What FOCUS 1.2 wants of every provider, in the words of its column library. */
const mandatory = [
  ...['BilledCost', 'BillingAccountId', 'BillingAccountName', 'BillingCurrency'],
  ...['BillingPeriodEnd', 'BillingPeriodStart', 'ChargeCategory', 'ChargeClass'],
  ...['ChargeDescription', 'ChargePeriodEnd', 'ChargePeriodStart', 'ContractedCost'],
  ...['EffectiveCost', 'InvoiceIssuerName', 'ListCost', 'PricingQuantity', 'PricingUnit'],
  ...['ProviderName', 'PublisherName', 'ServiceCategory', 'ServiceName'],
];

describe('a row of FOCUS', () => {
  it('has every mandatory column once', () => {
    for (const column of mandatory) {
      expect(focusColumns.filter((one) => one === column)).toEqual([column]);
    }
    expect(new Set(focusColumns).size).toBe(focusColumns.length);
    expect([...focusColumns]).toEqual([...focusColumns].toSorted());
  });

  it('tells a charge as usage that is billed nothing and costs what its bought credits did', () => {
    expect(rowOf(job)).toMatchObject({
      ...{ ChargeCategory: 'Usage', ChargeClass: null, ChargeFrequency: 'One-Time' },
      ...{ BilledCost: '0', ListCost: '0.04000004', ContractedCost: '0.04000004' },
      // 0.500001 credits at 0.036 USD.
      EffectiveCost: '0.01800003',
      ...{ BillingCurrency: 'USD', PricingCurrency: 'Credit', ListUnitPrice: '0.04' },
      ...{ PricingQuantity: '1.000001', PricingUnit: 'Credit', PricingCategory: 'Standard' },
      ...{ ConsumedQuantity: 3, ConsumedUnit: 'Images' },
      ...{ BillingPeriodStart: '2026-11-01T00:00:00Z', BillingPeriodEnd: '2026-12-01T00:00:00Z' },
      ...{ ChargePeriodStart: '2026-11-21T12:00:00Z', ChargePeriodEnd: '2026-11-21T13:00:00Z' },
      ...{ SkuId: 'generate/builtin/atelier', x_KeyId: 'key_1', x_CreditsPromotional: '-0.5' },
    });
  });

  it('tells a top-up as the purchase that is billed, and its chargeback as the opposite', () => {
    const bought: StatementLine = {
      ...{ ...job, type: 'top_up', jobId: null, charge: null },
      subject: { type: 'top_up', id: 'top_1' },
      ...{ amountMicros: 3_000_000_000n, paidMicros: 3_000_000_000n, cents: 10_800n },
    };
    expect(rowOf(bought)).toMatchObject({
      ...{ ChargeCategory: 'Purchase', BilledCost: '108', ContractedCost: '108' },
      ...{ EffectiveCost: '0', ListCost: '120', PricingQuantity: '3000' },
    });
    const back: StatementLine = {
      ...{ ...bought, type: 'reversal', amountMicros: -3_000_000_000n, cents: -10_800n },
      originAt: '2026-10-31T23:59:59.999Z',
    };
    expect(rowOf(back)).toMatchObject({
      ...{ ChargeCategory: 'Purchase', ChargeClass: 'Correction', BilledCost: '-108' },
      ...{ EffectiveCost: '0', ListCost: '-120', PricingQuantity: '-3000' },
    });
  });

  it('tells a refund as negative usage, a correction only of an earlier month', () => {
    const refund: StatementLine = {
      ...{ ...job, type: 'refund', amountMicros: 1_000_000n, paidMicros: 1_000_000n },
      originAt: '2026-11-20T00:00:00.000Z',
    };
    const negative = { ChargeCategory: 'Usage', EffectiveCost: '-0.036', ListCost: '-0.04' };
    expect(rowOf(refund)).toMatchObject({ ...negative, ChargeClass: null, ConsumedQuantity: null });
    const late = { ...refund, originAt: '2026-10-20T00:00:00.000Z' };
    expect(rowOf(late)).toMatchObject({ ...negative, ChargeClass: 'Correction' });
  });

  it.each([
    ['grant', 'Credit'],
    ['expiry', 'Credit'],
    ['adjustment', 'Adjustment'],
  ] as const)('tells a movement of the type %s as a %s that costs nothing', (type, category) => {
    const given = { ...job, type, jobId: null, charge: null } as StatementLine;
    expect(rowOf(given)).toMatchObject({
      ...{ ChargeCategory: category, BilledCost: '0', EffectiveCost: '0', ListCost: '0' },
      ...{ PricingQuantity: null, PricingUnit: null, SkuId: null, x_Credits: '-1.000001' },
    });
  });
});
