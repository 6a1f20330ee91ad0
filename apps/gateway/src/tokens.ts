/** Names under which the gateway's module provides what is not a class. */
export const TELEMETRY = Symbol('telemetry');
export const OBJECT_STORE = Symbol('object store');
export const PUBLIC_URL = Symbol('public url');
