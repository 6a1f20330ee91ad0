import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from './egress-refused.js';
import { Guard, type GuardOptions } from './guard.js';
import { readUrl } from './read-url.js';

const signal = new AbortController().signal;

/** What the guard lets through to, or why it refuses; and the names that it looked up. */
async function ask(url: string, answer: readonly string[], options: GuardOptions = {}) {
  const names: string[] = [];
  const resolve = async (name: string) => {
    names.push(name);
    return answer;
  };
  try {
    const { host, addresses } = await new Guard({ resolve, ...options }).destinationOf(
      readUrl(url),
      signal,
    );
    return { host, addresses: addresses.map((address) => address.toString()), names };
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    return { code: error.code, names };
  }
}

describe('a name', () => {
  it('leads to its addresses when all of them are public', async () => {
    expect(await ask('https://hooks.example.com/', ['93.184.216.34', '2606:4700::1'])).toEqual({
      host: 'hooks.example.com',
      addresses: ['93.184.216.34', '2606:4700::1'],
      names: ['hooks.example.com'],
    });
  });

  it.each([
    [['10.0.0.1', '93.184.216.34']],
    [['93.184.216.34', '10.0.0.1']],
    [['93.184.216.34', '2606:4700::1', '::1']],
    [[...Array.from({ length: 9 }, (_, n) => `93.184.216.${n}`), '169.254.169.254']],
    [['93.184.216.34', '::ffff:10.0.0.1']],
    [['93.184.216.34', '::10.0.0.1']],
    [['93.184.216.34', 'fe80::1%eth0']],
    [['93.184.216.34', 'gateway']],
    [['']],
  ])('is refused with %j among its addresses', async (answer) => {
    const { code } = await ask('https://hooks.example.com/', answer);
    expect(code).toBe('egress.address_not_public');
  });

  it('has no address when the answer has none', async () => {
    expect((await ask('https://hooks.example.com/', [])).code).toBe('egress.no_address');
  });

  it('is tried at two addresses of each kind, IPv4 first', async () => {
    const answer = [
      '2606:4700::1',
      '2606:4700::2',
      '2606:4700::3',
      '1.1.1.1',
      '1.1.1.2',
      '1.1.1.3',
    ];
    expect((await ask('https://a.example/', answer)).addresses).toEqual([
      '1.1.1.1',
      '1.1.1.2',
      '2606:4700::1',
      '2606:4700::2',
    ]);
  });

  it('is not looked up when it is internal, not even to learn that it leads nowhere', async () => {
    expect(await ask('https://metadata.google.internal/', ['93.184.216.34'])).toEqual({
      code: 'egress.address_not_public',
      names: [],
    });
  });

  it('is not looked up for a port or a scheme that is not served', async () => {
    const expected = { names: [] };
    expect(await ask('https://a.example:8443/', ['1.1.1.1'])).toEqual({
      ...expected,
      code: 'egress.port',
    });
    expect(await ask('https://a.example:80/', ['1.1.1.1'])).toEqual({
      ...expected,
      code: 'egress.port',
    });
    expect(await ask('http://a.example/', ['1.1.1.1'])).toEqual({
      ...expected,
      code: 'egress.scheme',
    });
  });

  it('refused for an answer that never came is said to be unreachable, and the cause is kept', async () => {
    const cause = new Error('SERVFAIL');
    const guard = new Guard({ resolve: () => Promise.reject(cause) });
    const refusal = guard.destinationOf(readUrl('https://a.example/'), signal);
    await expect(refusal).rejects.toMatchObject({ code: 'egress.unreachable', cause });
  });
});

describe('an address', () => {
  it('is never looked up', async () => {
    expect(await ask('https://93.184.216.34/', [])).toMatchObject({
      host: '93.184.216.34',
      names: [],
    });
    expect(await ask('https://[2606:4700::1]/', [])).toMatchObject({
      host: '2606:4700::1',
      names: [],
    });
    expect(await ask('https://10.0.0.1/', [])).toEqual({
      code: 'egress.address_not_public',
      names: [],
    });
  });

  it('that is mapped is connected to as what it is', async () => {
    expect(await ask('https://[::ffff:1.1.1.1]/', [])).toMatchObject({ host: '1.1.1.1' });
  });
});

describe('plain http', () => {
  it('is served on the ports that were opted into', async () => {
    const ports = { http: [80] };
    expect(await ask('http://a.example/', ['1.1.1.1'], { ports })).toMatchObject({
      host: 'a.example',
    });
    expect(await ask('https://a.example/', ['1.1.1.1'], { ports })).toMatchObject({
      host: 'a.example',
    });
    expect(await ask('http://a.example:443/', ['1.1.1.1'], { ports })).toMatchObject({
      code: 'egress.port',
    });
  });
});

describe('a receiver', () => {
  const receivers = ['10.1.2.3:8080', '10.1.2.3:443'];

  it('is reached by its address and by names, also internal ones', async () => {
    expect(await ask('http://10.1.2.3:8080/', [], { receivers })).toMatchObject({
      host: '10.1.2.3',
    });
    expect(await ask('https://hooks.internal/', ['10.1.2.3'], { receivers })).toMatchObject({
      host: 'hooks.internal',
    });
  });

  it('opens nothing beside itself', async () => {
    const code = 'egress.address_not_public';
    expect(await ask('http://10.1.2.4:8080/', [], { receivers })).toMatchObject({ code });
    expect(await ask('https://a.example/', ['10.1.2.4'], { receivers })).toMatchObject({ code });
    expect(await ask('https://a.example/', ['10.1.2.3', '10.1.2.4'], { receivers })).toMatchObject({
      code,
    });
  });

  it('opens its port to itself alone', async () => {
    const answer = ['93.184.216.34'];
    expect(await ask('http://a.example:8080/', answer, { receivers })).toMatchObject({
      code: 'egress.port',
    });
    expect(await ask('http://a.example:8081/', answer, { receivers })).toMatchObject({
      code: 'egress.scheme',
    });
  });
});

describe('a refused network', () => {
  it('is refused though public', async () => {
    const refusedNetworks = ['93.184.216.0/24', '2606:4700:64::/96'];
    const code = 'egress.address_not_public';
    expect(await ask('https://a.example/', ['93.184.216.34'], { refusedNetworks })).toMatchObject({
      code,
    });
    expect(await ask('https://[2606:4700:64::a00:1]/', [], { refusedNetworks })).toMatchObject({
      code,
    });
    expect(await ask('https://a.example/', ['93.184.217.34'], { refusedNetworks })).toMatchObject({
      host: 'a.example',
    });
  });

  it('that cannot be read stops the start', () => {
    expect(() => new Guard({ refusedNetworks: ['93.184.216.0'] })).toThrow(RangeError);
    expect(() => new Guard({ receivers: ['hooks.internal:443'] })).toThrow(RangeError);
  });
});
