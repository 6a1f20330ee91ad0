import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isPublic } from './address/public-address.js';
import { readAddress } from './address/address.js';
import { createEgress } from './egress.js';
import { dnsResolve, type Resolve } from './resolve.js';
import { nameServer } from './test/name-server.js';
import { outcomeOf } from './test/outcome.js';
import { type WebServer, webServer } from './test/web-server.js';

const CONTROL = '127.0.0.1';
const CANARY = '127.0.0.2';
const signal = new AbortController().signal;

/** Same port, two addresses: what a name server says decides who is called. */
let control: WebServer;
let canary: WebServer;
/** How often it was asked: it says the control's address at first, the canary's from then on. */
let asked = 0;
let names: Awaited<ReturnType<typeof nameServer>>;
let url = '';

beforeAll(async () => {
  control = await webServer({ host: CONTROL });
  canary = await webServer({ host: CANARY, port: control.port });
  names = await nameServer((_name, kind) => {
    if (kind !== 'ipv4') return [];
    asked += 1;
    return [asked === 1 ? CONTROL : CANARY];
  });
  url = `http://hooks.example.com:${control.port}/`;
});
beforeEach(() => {
  asked = 0;
});
afterAll(() => Promise.all([control, canary, names].map((server) => server.close())));

const resolve: Resolve = (name, stop) => dnsResolve([names.server])(name, stop);
const guarded = () =>
  createEgress({
    ports: { http: [control.port] },
    receivers: [`${CONTROL}:${control.port}`],
    resolve,
  });

describe('a name server that says one thing to the check and another to the connection', () => {
  it('is asked once, and what was checked is called', async () => {
    expect(await outcomeOf(guarded(), url)).toBe('welcome');
    expect(asked).toBe(1);
    expect(control.requests().at(-1)?.headers.host).toBe(`hooks.example.com:${control.port}`);
    expect(canary.connections()).toBe(0);
  });

  it('is asked again for the next request, and caught', async () => {
    const egress = guarded();
    expect(await outcomeOf(egress, url)).toBe('welcome');
    expect(await outcomeOf(egress, url)).toBe('egress.address_not_public');
    expect(canary.connections()).toBe(0);
  });

  it('is caught when what was checked earlier, and only kept, is called later', async () => {
    const egress = guarded();
    await egress.check(url);
    expect(await outcomeOf(egress, url)).toBe('egress.address_not_public');
    expect(canary.connections()).toBe(0);
  });

  it('catches a guard that looks up twice: the negative control', async () => {
    const [first = ''] = await resolve('hooks.example.com', signal);
    const address = readAddress(first)!;
    expect(isPublic(address) || address.toString() === CONTROL).toBe(true);
    const before = canary.connections();
    const answer = await new Promise<string>((done, fail) => {
      const request = get(url, {
        agent: false,
        lookup: (name, _options, callback) => {
          void resolve(name, signal).then(([second = '']) =>
            callback(null, [{ address: second, family: 4 }]),
          );
        },
      });
      request.on('error', fail).on('response', (response) => void text(response).then(done, fail));
    });
    expect(answer).toBe('welcome');
    expect(canary.connections() - before).toBe(1);
  });
});
