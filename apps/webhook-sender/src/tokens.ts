/** Names under which the module provides what is not a class. */
export const POOL = Symbol('pool');
