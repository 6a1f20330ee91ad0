import { keyScope, type KeyScope, type PlanShare } from '@safelight/contracts';

/** Everything that a key can be allowed. */
export const scopes = keyScope.options;
export type Scope = KeyScope;

/** Who calls, as the credential says; nothing else in a request may name an account. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  /** The key whose budget it spends from: itself, or the first of those that it replaced. */
  readonly spendsAs: string;
  readonly scopes: readonly string[];
  /** A test key's jobs run on the built-in engine and charge nothing. */
  readonly kind: 'live' | 'test';
  /** The account's, as it is at this moment. */
  readonly plan: string;
  /** Its part in the fleet, by that plan. */
  readonly share: PlanShare;
}
