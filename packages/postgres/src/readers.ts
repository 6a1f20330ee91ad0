import pg from 'pg';

type Reader = (text: string) => unknown;

/** Object ids of `int8` and `xid8` in pg_type. */
const BIGINTS: ReadonlySet<number> = new Set([20, 5069]);

// The library's types list the object ids it knows; a server may send any.
const readerOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Reader;

/**
 * How columns are read, by the object id of their type: `int8` and `xid8` as `bigint`. Given to each
 * pool, not to pg.types.setTypeParser, which would change every pool of the process.
 */
export const readers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Reader =>
    format !== 'binary' && BIGINTS.has(oid) ? BigInt : readerOf(oid, format),
};
