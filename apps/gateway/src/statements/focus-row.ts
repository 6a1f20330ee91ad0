import { formatCredits, type StatementHead, type StatementLine } from '@safelight/contracts';
import { Exact, type Field } from './csv-row.js';
import { costsOf, usd, LIST_UNIT_PRICE } from './focus-costs.js';

/** Whose rows they are, and of which month. */
export interface FocusContext {
  readonly accountId: string;
  readonly accountName: string;
  readonly head: StatementHead;
}

type Row = Readonly<Record<string, Field>>;
const HOUR_MS = 3_600_000;
const CREDIT = 'Credit';

/**
 * A movement as a row of FOCUS 1.2. Credits are its virtual currency (PricingCurrency); all costs are
 * in US dollars (BillingCurrency). Buying credits is the Purchase that is billed; what they are spent
 * on is Usage that is billed nothing and costs, effectively, what its bought credits had cost. Given
 * credits cost nothing. Columns that begin with `x_` are ours. docs/statements.md tells the choices.
 */
export function focusRow(line: StatementLine, context: FocusContext): Field[] {
  const row = { ...whose(context), ...whenOf(line, context), ...whatOf(line), ...ours(line) };
  const costs = costsOf(line, context.head.bought);
  const all: Row = {
    ...row,
    BilledCost: usd(costs.billed),
    ContractedCost: usd(costs.contracted),
    EffectiveCost: usd(costs.effective),
    ListCost: usd(costs.list),
  };
  return focusColumns.map((column) => all[column] ?? null);
}

const whose = ({ accountId, accountName }: FocusContext): Row => ({
  BillingAccountId: accountId,
  BillingAccountName: accountName,
  BillingCurrency: 'USD',
  InvoiceIssuerName: 'Safelight',
  ProviderName: 'Safelight',
  PublisherName: 'Safelight',
  ServiceCategory: 'AI and Machine Learning',
  ServiceName: 'Safelight',
  PricingCurrency: CREDIT,
});

function whenOf({ at }: StatementLine, { head: { from, to } }: FocusContext): Row {
  const startMs = Math.floor(Date.parse(at) / HOUR_MS) * HOUR_MS;
  return {
    BillingPeriodStart: seconds(Date.parse(from)),
    BillingPeriodEnd: seconds(Date.parse(to)),
    ChargePeriodStart: seconds(startMs),
    ChargePeriodEnd: seconds(startMs + HOUR_MS),
  };
}

/** `2026-11-01T00:00:00Z`, as FOCUS writes times. */
const seconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const isOf = ({ subject }: StatementLine, type: string) => subject.type === type;

/** Which of FOCUS's categories a movement belongs to. Refunds are in the category of what they return. */
export function categoryOf(line: StatementLine): 'Usage' | 'Purchase' | 'Credit' | 'Adjustment' {
  switch (line.type) {
    case 'charge':
    case 'refund':
      return 'Usage';
    case 'top_up':
      return 'Purchase';
    case 'reversal':
      return isOf(line, 'grant') ? 'Credit' : 'Purchase';
    case 'grant':
    case 'expiry':
      return 'Credit';
    case 'adjustment':
      return 'Adjustment';
  }
}

function whatOf(line: StatementLine): Row {
  const ChargeCategory = categoryOf(line);
  const priced = ChargeCategory === 'Usage' || ChargeCategory === 'Purchase';
  const about = { ChargeCategory, ChargeDescription: descriptionOf(line) };
  const base = { ...about, ChargeFrequency: 'One-Time', ChargeClass: classOf(line) };
  if (!priced) return { ...base, PricingCurrencyEffectiveCost: new Exact('0') };
  const isUsage = ChargeCategory === 'Usage';
  const sku = isUsage ? skuOf(line) : 'credits';
  const quantity = formatCredits(isUsage ? -line.amountMicros : boughtIn(line));
  return {
    ...base,
    ...{ SkuId: sku, SkuPriceId: sku, PricingCategory: 'Standard' },
    ...{ PricingQuantity: new Exact(quantity), PricingUnit: CREDIT },
    ListUnitPrice: LIST_UNIT_PRICE,
    PricingCurrencyListUnitPrice: new Exact('1'),
    PricingCurrencyEffectiveCost: new Exact(isUsage ? formatCredits(-line.paidMicros) : '0'),
    ...(isUsage ? consumed(line) : {}),
  };
}

const boughtIn = ({ amountMicros }: StatementLine): bigint => amountMicros;

/** Usage that is metered; a refund gives no pictures back. */
function consumed({ charge, type }: StatementLine): Row {
  const images = charge?.earned?.numerator;
  if (type !== 'charge' || images === undefined) return {};
  return { ConsumedQuantity: images, ConsumedUnit: 'Images' };
}

function skuOf({ charge }: StatementLine): string {
  const item = charge?.item;
  return item ? `${item.operation}/${item.model}` : 'unknown';
}

/** A correction of an earlier month; one of the same month is none to FOCUS. */
function classOf({ originAt, at }: StatementLine): string | null {
  return originAt !== null && originAt.slice(0, 7) !== at.slice(0, 7) ? 'Correction' : null;
}

const names = {
  top_up: 'Credits bought',
  grant: 'Credits given',
  charge: 'Job',
  refund: 'Credits given back for a job',
  reversal: 'Credits taken back',
  adjustment: 'Credits corrected by hand',
  expiry: 'Given credits that ended unspent',
} as const satisfies Record<StatementLine['type'], string>;

function descriptionOf({ type, subject, jobId, charge }: StatementLine): string {
  const what = charge?.item ? ` (${charge.item.operation} with ${charge.item.model})` : '';
  return `${names[type]}: ${jobId ?? subject.id}${what}`;
}

const ours = (line: StatementLine): Row => ({
  x_At: line.at,
  x_Credits: new Exact(formatCredits(line.amountMicros)),
  x_CreditsPaid: new Exact(formatCredits(line.paidMicros)),
  x_CreditsPromotional: new Exact(formatCredits(line.amountMicros - line.paidMicros)),
  x_JobId: line.jobId,
  x_KeyId: line.charge?.keyId ?? null,
  x_Lane: line.charge?.item?.lane ?? null,
  x_LedgerEntry: line.sequence,
  x_Movement: line.type,
  x_PriceVersion: line.charge?.priceVersion ?? null,
  x_SubjectId: line.subject.id,
});

/** Those of the specification in its own order, which is the alphabet's, and then ours. */
export const focusColumns: readonly string[] = [
  ...['BilledCost', 'BillingAccountId', 'BillingAccountName', 'BillingCurrency'],
  ...['BillingPeriodEnd', 'BillingPeriodStart', 'ChargeCategory', 'ChargeClass'],
  ...['ChargeDescription', 'ChargeFrequency', 'ChargePeriodEnd', 'ChargePeriodStart'],
  ...['ConsumedQuantity', 'ConsumedUnit', 'ContractedCost', 'EffectiveCost'],
  ...['InvoiceIssuerName', 'ListCost', 'ListUnitPrice', 'PricingCategory', 'PricingCurrency'],
  ...['PricingCurrencyEffectiveCost', 'PricingCurrencyListUnitPrice', 'PricingQuantity'],
  ...['PricingUnit', 'ProviderName', 'PublisherName', 'ServiceCategory', 'ServiceName'],
  ...['SkuId', 'SkuPriceId'],
  ...['x_At', 'x_Credits', 'x_CreditsPaid', 'x_CreditsPromotional', 'x_JobId', 'x_KeyId'],
  ...['x_Lane', 'x_LedgerEntry', 'x_Movement', 'x_PriceVersion', 'x_SubjectId'],
];
