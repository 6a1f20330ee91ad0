import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEgress, type Egress, type EgressOptions, GuardedEgress } from './egress.js';
import { answers, hosts, tricks } from './test/attacks.js';
import { selfSigned } from './test/certificates.js';
import { outcomeOf, socketsOpenedBy } from './test/outcome.js';
import { quadOf, REACHING } from './test/spellings.js';
import { hasIpv6, HERE, HERE_IPV6 } from './test/targets.js';
import { type WebServer, webServer } from './test/web-server.js';

/**
 * Test T11. The canaries listen on every address of this machine, on ports that are served, so that
 * nothing but the judgement of the address keeps a request from them. The public control stands for
 * the internet, which a test cannot reach.
 */
let canary: WebServer;
let tlsCanary: WebServer;
let control: WebServer;

const knocks = () => canary.connections() + tlsCanary.connections();
const options = (resolve: EgressOptions['resolve']): EgressOptions => ({
  ports: { http: [canary.port, control.port], https: [tlsCanary.port] },
  receivers: [`127.0.0.1:${control.port}`],
  resolve,
});
/** At the control's port, these two are as good as public. */
const atControl = new Set(['127.0.0.1', '::ffff:127.0.0.1']);
const never = () => Promise.reject(new Error('an address is not looked up'));
const noJudge = () => true;

beforeAll(async () => {
  canary = await webServer();
  tlsCanary = await webServer({ identity: selfSigned(['localhost']) });
  control = await webServer({ host: '127.0.0.1' });
});
afterAll(() => Promise.all([canary, tlsCanary, control].map((server) => server.close())));

/** The URLs that did not meet the refusal they should have. */
async function missed(egress: Egress, urls: readonly string[], expected: RegExp) {
  const wrong: string[] = [];
  for (const url of urls) {
    const outcome = await outcomeOf(egress, url);
    if (!expected.test(outcome)) wrong.push(`${url} ${outcome}`);
  }
  return wrong;
}

const urlsOf = (host: string) => [
  `http://${host}:${canary.port}/`,
  `https://${host}:${tlsCanary.port}/`,
];

describe('an address that is not public', () => {
  it('is refused in every spelling, and nobody is called', async () => {
    const urls = hosts().flatMap(urlsOf);
    expect(urls.length).toBeGreaterThan(1_000);
    let wrong: string[] = [];
    const opened = await socketsOpenedBy(async () => {
      wrong = await missed(new GuardedEgress(options(never)), urls, /^egress\.address_not_public$/);
    });
    expect(wrong).toEqual([]);
    expect(opened).toBe(0);
    expect(knocks()).toBe(0);
  });

  it('is refused on the ports of old services too', async () => {
    const ports = [22, 25, 80, 2_375, 4_222, 5_432, 6_379, 6_443, 8_080, 9_200, 10_250, 11_211];
    const urls = ports.flatMap((port) => [`http://127.0.0.1:${port}/`, `https://[::1]:${port}/`]);
    expect(await missed(new GuardedEgress({}), urls, /^egress\.(port|scheme)$/)).toEqual([]);
  });
});

describe('a name', () => {
  it('is refused for any address that is not public, alone or among others', async () => {
    const said = answers('127.0.0.1');
    expect(said.length).toBeGreaterThan(200);
    const wrong: string[][] = [];
    const opened = await socketsOpenedBy(async () => {
      for (const answer of said) {
        if (answer.every((address) => atControl.has(address))) continue;
        const egress = new GuardedEgress(options(async () => answer));
        const outcome = await outcomeOf(egress, `http://hooks.example.com:${control.port}/`);
        if (outcome !== 'egress.address_not_public') wrong.push([...answer, outcome]);
      }
    });
    expect(wrong).toEqual([]);
    expect(opened).toBe(0);
    expect(knocks()).toBe(0);
  });
});

describe('a trick', () => {
  it('is refused, and nobody is called', async () => {
    const urls = tricks(canary.port);
    let wrong: string[] = [];
    const opened = await socketsOpenedBy(async () => {
      const egress = new GuardedEgress({
        ports: { http: [canary.port], https: [canary.port] },
        resolve: async () => ['127.0.0.1'],
      });
      wrong = await missed(egress, urls, /^egress\./);
    });
    expect(wrong).toEqual([]);
    expect(opened).toBe(0);
    expect(knocks()).toBe(0);
  });
});

describe('the public control', () => {
  it('is reached by its address, and by a name that leads to it', async () => {
    const egress = createEgress(options(async () => ['127.0.0.1']));
    const opened = await socketsOpenedBy(async () => {
      expect(await outcomeOf(egress, `http://127.0.0.1:${control.port}/`)).toBe('welcome');
    });
    expect(opened).toBe(1);
    expect(await outcomeOf(egress, `http://0x7f.1:${control.port}/`)).toBe('welcome');
    expect(await outcomeOf(egress, `http://hooks.example.com:${control.port}/`)).toBe('welcome');
    expect(control.requests().map(({ headers }) => headers.host)).toEqual([
      `127.0.0.1:${control.port}`,
      `127.0.0.1:${control.port}`,
      `hooks.example.com:${control.port}`,
    ]);
  });

  it('opens neither its address’s other ports nor its port’s other addresses', async () => {
    const egress = createEgress(options(async () => ['127.0.0.1']));
    const urls = [`http://127.0.0.1:${canary.port}/`, `http://127.0.0.2:${control.port}/`];
    expect(await missed(egress, urls, /^egress\.address_not_public$/)).toEqual([]);
    expect(knocks()).toBe(0);
  });
});

describe('the negative control: the same guard without its judge', () => {
  it('calls the canary in every spelling that reaches it, and by name', async () => {
    const before = canary.connections();
    const egress = new GuardedEgress(
      options(async () => ['127.0.0.1']),
      noJudge,
    );
    const spelt = HERE.flatMap((here) =>
      Object.values(REACHING).map((spell) => spell(quadOf(here))),
    );
    const reaching = [...spelt, ...(hasIpv6() ? HERE_IPV6.map((address) => `[${address}]`) : [])];
    const urls = [...reaching, 'hooks.example.com'].map((host) => `http://${host}:${canary.port}/`);
    expect(await missed(egress, urls, /^welcome$/)).toEqual([]);
    expect(canary.connections() - before).toBe(urls.length);
  });
});
