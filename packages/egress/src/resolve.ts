import { Resolver } from 'node:dns/promises';

/**
 * Looks a name up: all its addresses, of both kinds; none when the name has none.
 * @throws when no answer could be had.
 */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A silent name server costs one query at most about 2 + 4 seconds. */
const queryLimits = { timeout: 2_000, tries: 2 };
/** What a name server says of a name without such a record, or that cannot be one. */
const ABSENT = new Set(['ENODATA', 'ENOTFOUND', 'EBADNAME']);

/**
 * Asks DNS itself, over the given `nameservers` or else the machine's. Not `getaddrinfo`, for three
 * reasons: it reads the hosts file and tries the machine's search domains, which lead to internal
 * names; it takes a thread of the pool that files need, for as long as the name's owner lets his
 * name server be silent; and it cannot be called off.
 */
export function dnsResolve(nameservers?: readonly string[]): Resolve {
  return async (name, signal) => {
    const resolver = new Resolver(queryLimits);
    if (nameservers) resolver.setServers(nameservers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await bothKinds(resolver, name);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

/** One kind that fails takes nothing from the other: many a name server knows IPv4 alone. */
async function bothKinds(resolver: Resolver, name: string): Promise<string[]> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = answers.flatMap((a) => (a.status === 'fulfilled' ? a.value : []));
  const failures = answers.flatMap((a) => (a.status === 'rejected' ? [a.reason as Error] : []));
  const [failure] = failures.filter((error) => !isAbsence(error));
  if (addresses.length === 0 && failure) throw failure;
  return addresses;
}

const isAbsence = (error: Error) => 'code' in error && ABSENT.has(String(error.code));
