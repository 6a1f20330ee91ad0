/**
 * How far a reader has come. Both parts count: positions are taken before a commit, so a reader of
 * positions alone skips those who commit late.
 */
export interface Cursor {
  /** `xid8` of the writing database transaction. */
  readonly transactionId: bigint;
  readonly position: bigint;
}

export const beginning: Cursor = { transactionId: 0n, position: 0n };

/** Whether a reader at `cursor` has everything up to and including `target`. */
export function hasReached(cursor: Cursor, target: Cursor): boolean {
  return cursor.transactionId === target.transactionId
    ? cursor.position >= target.position
    : cursor.transactionId > target.transactionId;
}
