import { priceDocument, type PriceDocument, type PriceRule } from '../price-document.js';
import type { PriceFault } from './fault.js';

/** What a document is checked against. */
export interface PriceSurroundings {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  /** How long before it is in force a book must be published. */
  readonly leadMs: number;
  /** Every version that was ever published. */
  readonly versions: readonly string[];
  /** The book that this one would follow. */
  readonly before: Pick<PriceDocument, 'version' | 'sells'>;
}

export type Checked =
  | { readonly faults: readonly PriceFault[] }
  | { readonly faults: readonly []; readonly document: PriceDocument };

/**
 * Everything that is wrong with a document, so that whoever wrote it can mend all at once: shape and
 * amounts, gaps (something for sale without a price), rules that can never apply, a version that was
 * published, a date that is not ahead, and whatever would stop being sold without saying so.
 */
export function checkPrices(written: unknown, around: PriceSurroundings): Checked {
  const parsed = priceDocument.safeParse(written);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      at: path.map(String).join('/'),
      message,
    }));
    return { faults };
  }
  const document = parsed.data;
  const faults = [
    ...gapsIn(document),
    ...neverApplying(document.rules),
    ...neverSold(document),
    ...datesOf(document, around),
    ...droppedBy(document, around),
  ];
  return faults.length === 0 ? { faults: [], document } : { faults };
}

const fitsEverything = ({ models, quality, resolution }: PriceRule): boolean =>
  models === '*' && quality === undefined && resolution === undefined;

const gapsIn = ({ sells, rules }: PriceDocument): PriceFault[] =>
  sells
    .filter(
      (operation) =>
        !rules.some((rule) => fitsEverything(rule) && rule.operations.includes(operation)),
    )
    .map((operation) => ({
      at: 'rules',
      message: `${operation} is for sale, but not every model has a price: add a rule for it with models "*" and no hints, after the others`,
    }));

/** Rules whose every operation an earlier rule takes first, for the same or more models and hints. */
const neverApplying = (rules: readonly PriceRule[]): PriceFault[] =>
  rules.flatMap((rule, at) => {
    const earlier = rules.slice(0, at);
    const hidden = rule.operations.every((operation) =>
      earlier.some((one) => one.operations.includes(operation) && covers(one, rule)),
    );
    if (!hidden) return [];
    const message = `${rule.id} can never apply: rules before it take all that it is for; move it up, or remove it`;
    return [{ at: `rules/${at}`, message }];
  });

const covers = (wide: PriceRule, narrow: PriceRule): boolean =>
  coversModels(wide.models, narrow.models) &&
  coversHints(wide.quality, narrow.quality) &&
  coversHints(wide.resolution, narrow.resolution);

const coversModels = (wide: string, narrow: string): boolean =>
  wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;

const coversHints = (
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
): boolean => wide === undefined || (narrow?.every((hint) => wide.includes(hint)) ?? false);

const neverSold = ({ sells, rules }: PriceDocument): PriceFault[] =>
  rules.flatMap(({ id, operations }, at) => {
    const unsold = operations.filter((operation) => !sells.includes(operation));
    if (unsold.length === 0) return [];
    const message = `${id} has a price for ${unsold.join(', ')}, which sells does not name`;
    return [{ at: `rules/${at}/operations`, message }];
  });

function datesOf(document: PriceDocument, around: PriceSurroundings): PriceFault[] {
  const faults: PriceFault[] = [];
  if (around.versions.includes(document.version)) {
    const message = `${document.version} was published before, and a version never changes: choose another name`;
    faults.push({ at: 'version', message });
  }
  if (Date.parse(document.effective_from) < around.nowMs + around.leadMs) {
    const seconds = Math.ceil(around.leadMs / 1_000);
    const now = new Date(around.nowMs).toISOString();
    const message = `must be at least ${seconds} s ahead, so that every process knows the book in time; the database's clock says ${now}`;
    faults.push({ at: 'effective_from', message });
  }
  return faults;
}

function droppedBy(document: PriceDocument, { before }: PriceSurroundings): PriceFault[] {
  const { sells, withdraws } = document;
  const dropped = before.sells.filter(
    (operation) => !sells.includes(operation) && !withdraws.includes(operation),
  );
  const both = withdraws.filter((operation) => sells.includes(operation));
  return [
    ...dropped.map((operation) => ({
      at: 'sells',
      message: `${before.version} sells ${operation} and this does not: add it, or name it in withdraws if that is meant`,
    })),
    ...both.map((operation) => ({
      at: 'withdraws',
      message: `${operation} is in sells too; keep it in one of the two`,
    })),
  ];
}
