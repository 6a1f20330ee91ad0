import type { PricedItem } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { priceBook, type PriceBook, type PriceRule } from './price-book.js';

export interface PriceLine {
  readonly what: string;
  readonly quantity: bigint;
  readonly unitMicros: bigint;
  /** `quantity * unitMicros`; below zero for a discount. */
  readonly amountMicros: bigint;
}

export interface Price {
  /** The sum of the lines. */
  readonly priceMicros: bigint;
  readonly priceVersion: string;
  readonly lines: readonly PriceLine[];
}

/**
 * The price of an item in micro-credits. A discount is rounded up, in the customer's favour.
 *
 * @throws DomainError `operation.unpriced` for what the book does not sell
 */
export function priceOf(item: PricedItem, book: PriceBook = priceBook): Price {
  const rule = ruleFor(item.model, book);
  const images = BigInt(item.images);
  const { operation } = item;
  const part = book.operationPercent[operation];
  if (part === undefined) throw new DomainError('operation.unpriced', { operation });
  const unitMicros = (blocksOf(item, rule) * rule.blockPriceMicros * part) / 100n;
  const what = `${operation} ${item.model} ${item.width}x${item.height}`;
  const lines = [line(what, images, unitMicros)];
  const percent = book.laneDiscountPercent[item.lane];
  if (percent > 0n) {
    const discountMicros = ceilOf(images * unitMicros * percent, 100n);
    lines.push(line(`${item.lane} lane, ${percent.toString()} % off`, 1n, -discountMicros));
  }
  const priceMicros = lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
  return { priceMicros, priceVersion: book.version, lines };
}

/** The item as one text that is equal for equal items, whatever the order of their fields. */
export function canonicalItem(item: PricedItem): string {
  return JSON.stringify(Object.fromEntries(Object.entries(item).sort(byName)));
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function ruleFor(model: string, book: PriceBook): PriceRule {
  const rule = book.rules.find(({ models }) =>
    models.endsWith('*') ? model.startsWith(models.slice(0, -1)) : model === models,
  );
  if (!rule) throw new Error(`price book ${book.version} has no rule for every model`);
  return rule;
}

const blocksOf = (item: PricedItem, rule: PriceRule): bigint =>
  ceilOf(BigInt(item.width) * BigInt(item.height), rule.blockPixels);

const ceilOf = (value: bigint, unit: bigint): bigint => (value + unit - 1n) / unit;

const line = (what: string, quantity: bigint, unitMicros: bigint): PriceLine => ({
  what,
  quantity,
  unitMicros,
  amountMicros: quantity * unitMicros,
});
