import { keyScope } from '@safelight/contracts';
import { TestClient } from '../client.js';
import type { Fleet } from '../fleet.js';

const authorization = (key: string) => ({ authorization: `Bearer ${key}` });

/** What a caller without a good key may send, and what each scope's lack looks like. */
export interface WrongCallers {
  /** Headers by what is wrong with them: each is answered 401. */
  readonly unknown: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Headers of an active key without the scope. */
  lacking(scope: string): Readonly<Record<string, string>>;
}

/** Makes an account's worth of wrong callers. */
export async function wrongCallersIn(fleet: Fleet): Promise<WrongCallers> {
  const { apiKey } = await fleet.account('10');
  const client = new TestClient(fleet.url, apiKey);
  const make = async (scopes: readonly string[]) => {
    const made = await client.send('POST', '/api/v1/keys', { scopes });
    return made.json.data as { id: string; key: string };
  };
  const [revoked, expired] = [await make(keyScope.options), await make(keyScope.options)];
  await client.send('DELETE', `/api/v1/keys/${revoked.id}`);
  // Its place is taken over at once: the old key has expired, and was never revoked.
  await client.send('POST', `/api/v1/keys/${expired.id}/rotate`, { overlap_seconds: 0 });
  const [reader, accountant] = [await make(['jobs:read']), await make(['account:read'])];
  const last = apiKey.endsWith('0') ? '1' : '0';
  return {
    unknown: {
      'no key': {},
      'an empty key': authorization(''),
      'another scheme': { authorization: `Basic ${apiKey}` },
      'a malformed key': authorization('sl_live_nonsense'),
      'a key with a wrong checksum': authorization(`${apiKey.slice(0, -1)}${last}`),
      'two keys': authorization(`${apiKey}, Bearer ${apiKey}`),
      'a key in the wrong header': { cookie: `key=${apiKey}` },
      'a revoked key': authorization(revoked.key),
      'an expired key': authorization(expired.key),
      'a revoked key as x-api-key': { 'x-api-key': revoked.key },
    },
    lacking: (scope) => authorization((scope === 'jobs:read' ? accountant : reader).key),
  };
}
