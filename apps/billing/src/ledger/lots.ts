/**
 * What an account's credits are made of. Bought credits are one lot and given ones without an end
 * another; every grant with an end is a lot of its own. All amounts are micro-credits.
 */
export interface Lots {
  readonly paidMicros: bigint;
  /** Given, and never expiring. */
  readonly promotionalMicros: bigint;
  /** Given until some time: the soonest first, none of them empty. */
  readonly expiring: readonly ExpiringLot[];
}

export interface ExpiringLot {
  readonly grantId: string;
  /** Epoch milliseconds on the database's clock: from then on it cannot be spent. */
  readonly expiresAtMs: number;
  readonly micros: bigint;
}

const none: readonly ExpiringLot[] = [];

export const noLots: Lots = { paidMicros: 0n, promotionalMicros: 0n, expiring: none };
export const paidLot = (micros: bigint): Lots => ({ ...noLots, paidMicros: micros });
export const promotionalLot = (micros: bigint): Lots => ({ ...noLots, promotionalMicros: micros });
export const expiringLot = (grantId: string, expiresAtMs: number, micros: bigint): Lots => ({
  ...noLots,
  expiring: [{ grantId, expiresAtMs, micros }],
});

export function totalOf({ paidMicros, promotionalMicros, expiring }: Lots): bigint {
  return expiring.reduce((sum, { micros }) => sum + micros, paidMicros + promotionalMicros);
}

/** Both together, lot by lot; `change` may be below zero. */
export function added(lots: Lots, change: Lots): Lots {
  return {
    paidMicros: lots.paidMicros + change.paidMicros,
    promotionalMicros: lots.promotionalMicros + change.promotionalMicros,
    expiring: merged(lots.expiring, change.expiring),
  };
}

export function negated({ paidMicros, promotionalMicros, expiring }: Lots): Lots {
  return {
    paidMicros: -paidMicros,
    promotionalMicros: -promotionalMicros,
    expiring:
      expiring.length === 0 ? none : expiring.map((lot) => ({ ...lot, micros: -lot.micros })),
  };
}

export const without = (lots: Lots, part: Lots): Lots => added(lots, negated(part));

/** What of it may still be spent at a time. */
export function liveAt(lots: Lots, nowMs: number): Lots {
  if (lots.expiring.length === 0) return lots;
  return { ...lots, expiring: lots.expiring.filter(({ expiresAtMs }) => expiresAtMs > nowMs) };
}

/** Whether there is nothing below zero in it. */
export function isWhole({ paidMicros, promotionalMicros, expiring }: Lots): boolean {
  return paidMicros >= 0n && promotionalMicros >= 0n && expiring.every(({ micros }) => micros > 0n);
}

/**
 * The part of `micros` that is spent first: expiring credits, the soonest first; then given ones
 * without an end; bought ones last.
 *
 * @throws when there is less than that
 */
export function firstOf(lots: Lots, micros: bigint): Lots {
  let left = micros;
  const take = (most: bigint): bigint => {
    const part = most < left ? most : left;
    left -= part;
    return part;
  };
  const expiring =
    lots.expiring.length === 0
      ? none
      : lots.expiring
          .map((lot) => ({ ...lot, micros: take(lot.micros) }))
          .filter((lot) => lot.micros > 0n);
  const promotionalMicros = take(lots.promotionalMicros);
  const paidMicros = take(lots.paidMicros);
  if (left > 0n) throw new Error(`${micros} were taken from lots with ${totalOf(lots)}`);
  return { paidMicros, promotionalMicros, expiring };
}

/**
 * A part of `micros` in the proportions of the whole, each share rounded up in the order paid,
 * promotional, expiring: a remainder goes to bought credits first. Taking share after share of what
 * is left comes out even in the end.
 */
export function shareOf(lots: Lots, micros: bigint): Lots {
  let left = micros;
  let whole = totalOf(lots);
  const share = (lot: bigint): bigint => {
    const part = whole === 0n ? 0n : (left * lot + whole - 1n) / whole;
    left -= part;
    whole -= lot;
    return part;
  };
  const paidMicros = share(lots.paidMicros);
  const promotionalMicros = share(lots.promotionalMicros);
  const expiring = lots.expiring
    .map((lot) => ({ ...lot, micros: share(lot.micros) }))
    .filter((lot) => lot.micros > 0n);
  return { paidMicros, promotionalMicros, expiring };
}

function merged(
  lots: readonly ExpiringLot[],
  change: readonly ExpiringLot[],
): readonly ExpiringLot[] {
  if (change.length === 0) return lots;
  const byGrant = new Map(lots.map((lot) => [lot.grantId, lot]));
  for (const { grantId, expiresAtMs, micros } of change) {
    const before = byGrant.get(grantId)?.micros ?? 0n;
    byGrant.set(grantId, { grantId, expiresAtMs, micros: before + micros });
  }
  return [...byGrant.values()].filter(({ micros }) => micros !== 0n).sort(bySoonest);
}

function bySoonest(a: ExpiringLot, b: ExpiringLot): number {
  return a.expiresAtMs - b.expiresAtMs || (a.grantId < b.grantId ? -1 : 1);
}
