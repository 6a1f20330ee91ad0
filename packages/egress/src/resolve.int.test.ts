import { afterEach, describe, expect, it } from '@jest/globals';
import { createEgress } from './egress.js';
import { dnsResolve } from './resolve.js';
import { outcomeOf } from './test/outcome.js';
import { nameServer, type Zone } from './test/name-server.js';

const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;
const signal = new AbortController().signal;

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function zone(answer: Zone) {
  const names = await nameServer(answer);
  closing.push(names.close);
  return { names, resolve: dnsResolve([names.server]) };
}

describe('a lookup', () => {
  it('brings the addresses of both kinds', async () => {
    const { resolve } = await zone((_, kind) =>
      kind === 'ipv4' ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1'],
    );
    expect([...(await resolve('a.example.com', signal))].sort()).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '2001:db8::1',
    ]);
  });

  it('asks for the name as it is, in no search domain', async () => {
    const { names, resolve } = await zone(() => NO_SUCH_NAME);
    expect(await resolve('a.b', signal)).toEqual([]);
    expect([...new Set(names.questions())].sort()).toEqual(['a.b ipv4', 'a.b ipv6']);
  });

  it('finds nothing where there is no such name, no such record, or no such thing', async () => {
    const { resolve } = await zone((name) => (name === 'none.example.com' ? NO_SUCH_NAME : []));
    expect(await resolve('none.example.com', signal)).toEqual([]);
    expect(await resolve('mail.example.com', signal)).toEqual([]);
    expect(await resolve(`${'x'.repeat(64)}.example.com`, signal)).toEqual([]);
  });

  it('lets one kind’s failure take nothing from the other', async () => {
    const { resolve } = await zone((_, kind) => (kind === 'ipv4' ? ['192.0.2.1'] : SERVER_FAILURE));
    expect(await resolve('a.example.com', signal)).toEqual(['192.0.2.1']);
  });

  it('fails when nothing came and something failed', async () => {
    const { resolve } = await zone((_, kind) => (kind === 'ipv4' ? [] : SERVER_FAILURE));
    await expect(resolve('a.example.com', signal)).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });

  it('is called off with its request', async () => {
    const { names, resolve } = await zone(() => undefined);
    const egress = createEgress({ resolve });
    expect(await outcomeOf(egress, 'https://a.example.com/', { timeoutMs: 60 })).toBe(
      'egress.timeout',
    );
    expect(names.questions().length).toBe(2);
    const stopping = new AbortController();
    const looking = resolve('a.example.com', stopping.signal);
    stopping.abort();
    await expect(looking).rejects.toMatchObject({ code: 'ECANCELLED' });
  });

  it('reads an address from the wire as the guard must see it', async () => {
    const { resolve } = await zone((_, kind) => (kind === 'ipv4' ? ['1.1.1.1'] : ['::7f00:1']));
    const refused = createEgress({ resolve }).check('https://a.example.com/');
    await expect(refused).rejects.toMatchObject({ code: 'egress.address_not_public' });
  });
});
