import type { ExpiringLot } from './lots.js';

/** A lot as a row keeps it; amounts are text because a JSON number loses precision. */
export type StoredLot = readonly [grantId: string, expiresAtMs: number, micros: string];

/** `null` when there are none, which is the rule: the database then has nothing to verify. */
export function storedLots(expiring: readonly ExpiringLot[]): readonly StoredLot[] | null {
  if (expiring.length === 0) return null;
  return expiring.map(({ grantId, expiresAtMs, micros }) => [
    grantId,
    expiresAtMs,
    micros.toString(),
  ]);
}

export function lotsFrom(stored: readonly StoredLot[] | null): readonly ExpiringLot[] {
  return (stored ?? []).map(([grantId, expiresAtMs, micros]) => ({
    grantId,
    expiresAtMs,
    micros: BigInt(micros),
  }));
}
