/** The service's one database pool. */
export const POOL = Symbol('POOL');
