import { Problem } from '../http/problem.js';

export const tooManyKeys = (most: number): Problem =>
  new Problem(
    'CONFLICT',
    `An account has at most ${most} active keys; revoke one with DELETE /api/v1/keys/{id} first.`,
  );

export function exceedsOwnScopes(missing: readonly string[]): Problem {
  const message = `must not go beyond the key that asks; that one lacks ${missing.join(', ')}`;
  return new Problem('FORBIDDEN', `/scopes ${message}`, {
    errors: [{ pointer: '/scopes', message }],
    members: { scope: missing[0] },
  });
}

/** A test key spends nothing and makes nothing that does. */
export function exceedsOwnKind(): Problem {
  const message = 'must be test: a test key makes no live ones; ask with a live key';
  return new Problem('FORBIDDEN', `/kind ${message}`, { errors: [{ pointer: '/kind', message }] });
}
