/** Injection token of the service's Kysely, over its one pool. */
export const DATABASE = Symbol('Kysely over the service’s pool');
