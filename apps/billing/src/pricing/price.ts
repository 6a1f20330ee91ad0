import { pricedItem, type PricedItem } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { PriceBook } from './price-book.js';
import type { PriceRule } from './price-document.js';

export interface PriceLine {
  /** Which part of the book says so. */
  readonly rule: string;
  readonly what: string;
  readonly quantity: bigint;
  readonly unitMicros: bigint;
  /** `quantity * unitMicros`; below zero for a discount. */
  readonly amountMicros: bigint;
}

export interface Price {
  /** The sum of the lines; above zero. */
  readonly priceMicros: bigint;
  readonly priceVersion: string;
  readonly lines: readonly PriceLine[];
}

/**
 * The price of an item in micro-credits, under a book. Lines come in this order, each percentage of
 * what stands above it: the work itself, many steps, the lane, add-ons, the account's plan. Whatever
 * does not divide is rounded in the customer's favour: a surcharge down, a discount up.
 *
 * @throws DomainError `operation.unpriced` for what the book does not sell
 */
export function priceOf(item: PricedItem, book: PriceBook): Price {
  const rule = ruleFor(item, book);
  const tier = rule.steps.findLast(({ above }) => item.steps > above);
  const plan = item.plan === undefined ? undefined : ownOf(book.plans, item.plan);
  const parts = [
    () => workLine(item, rule),
    tier && percentLine('steps', `more than ${tier.above} steps`, tier),
    percentLine(`lane:${item.lane}`, `${item.lane} lane`, book.lanes[item.lane]),
    () => detectionLine(item, book),
    plan && percentLine(`plan:${item.plan}`, `plan ${item.plan}`, plan),
  ];
  const lines: PriceLine[] = [];
  for (const part of parts) {
    const line = part?.(sumOf(lines));
    if (line) lines.push(line);
  }
  return { priceMicros: sumOf(lines), priceVersion: book.version, lines };
}

/** The item as one text that is equal for equal items, whatever the order of their fields. */
export function canonicalItem(item: PricedItem): string {
  return JSON.stringify(Object.fromEntries(Object.entries(item).sort(byName)));
}

/** The item of such a text; `null` where that is of before its fields were what they are. */
export function itemIn(text: string): PricedItem | null {
  try {
    return pricedItem.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function ruleFor(item: PricedItem, book: PriceBook): PriceRule {
  const { operation } = item;
  const rule = book.sells.includes(operation)
    ? book.rules.find((one) => applies(one, item))
    : undefined;
  if (!rule) throw new DomainError('operation.unpriced', { operation });
  return rule;
}

const applies = (rule: PriceRule, { operation, model, quality, resolution }: PricedItem): boolean =>
  rule.operations.includes(operation) &&
  (rule.models.endsWith('*')
    ? model.startsWith(rule.models.slice(0, -1))
    : model === rule.models) &&
  (rule.quality === undefined || (quality !== undefined && rule.quality.includes(quality))) &&
  (rule.resolution === undefined ||
    (resolution !== undefined && rule.resolution.includes(resolution)));

function workLine(item: PricedItem, rule: PriceRule): PriceLine {
  const { operation, model, width, height, seconds = 1 } = item;
  const units = rule.per === 'second' ? BigInt(Math.ceil(seconds)) : 1n;
  const blocks = ceilOf(BigInt(width) * BigInt(height), BigInt(rule.block_pixels));
  const length = rule.per === 'second' ? `, ${units.toString()} s` : '';
  const what = `${operation} ${model} ${width}x${height}${length}`;
  return line(rule.id, what, BigInt(item.images), units * blocks * rule.credits);
}

function detectionLine({ detection, images }: PricedItem, book: PriceBook): PriceLine | undefined {
  const { credits } = book.add_ons.output_detection;
  if (detection !== true || credits === 0n) return undefined;
  return line('output_detection', 'what the output check found, told', BigInt(images), credits);
}

type Change = { readonly discount_percent: number } | { readonly surcharge_percent: number };

/** A line that takes a part of all lines above it off, or adds one; none for nothing. */
const percentLine =
  (rule: string, why: string, change: Change) =>
  (soFar: bigint): PriceLine | undefined => {
    const isSurcharge = 'surcharge_percent' in change;
    const percent = isSurcharge ? change.surcharge_percent : change.discount_percent;
    if (percent === 0) return undefined;
    const part = soFar * BigInt(percent);
    return isSurcharge
      ? line(rule, `${why}, ${percent} % more`, 1n, part / 100n)
      : line(rule, `${why}, ${percent} % off`, 1n, -ceilOf(part, 100n));
  };

/** Of what a customer names: `constructor` is no plan. */
const ownOf = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const sumOf = (lines: readonly PriceLine[]): bigint =>
  lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);

const ceilOf = (value: bigint, unit: bigint): bigint => (value + unit - 1n) / unit;

const line = (rule: string, what: string, quantity: bigint, unitMicros: bigint): PriceLine => ({
  ...{ rule, what, quantity, unitMicros },
  amountMicros: quantity * unitMicros,
});
