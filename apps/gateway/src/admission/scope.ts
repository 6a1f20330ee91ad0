/** What a key may be allowed to do. */
export const scopes = [
  'jobs:read',
  'jobs:write',
  'faces:write',
  'account:read',
  'account:write',
  'keys:write',
  'webhooks:write',
] as const;
export type Scope = (typeof scopes)[number];

/** Who calls, as the credential says; nothing else in a request may name an account. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  readonly scopes: readonly string[];
}
