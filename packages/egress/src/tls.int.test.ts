import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEgress } from './egress.js';
import { selfSigned } from './test/certificates.js';
import { outcomeOf } from './test/outcome.js';
import { type WebServer, webServer } from './test/web-server.js';

const identity = selfSigned(['hooks.example.com', '127.0.0.1']);
const expired = selfSigned(['hooks.example.com'], { expired: true });
let server: WebServer;
let stale: WebServer;
let plain: WebServer;

beforeAll(async () => {
  server = await webServer({ host: '127.0.0.1', identity });
  stale = await webServer({ host: '127.0.0.1', identity: expired });
  plain = await webServer({ host: '127.0.0.1' });
});
afterAll(() => Promise.all([server, stale, plain].map((one) => one.close())));

const egress = (extraCa: string[] = [identity.cert, expired.cert]) =>
  createEgress({
    receivers: [server, stale, plain].map(({ port }) => `127.0.0.1:${port}`),
    resolve: async () => ['127.0.0.1'],
    extraCa,
  });

describe('https', () => {
  it('connects to the checked address, and speaks of the name', async () => {
    expect(await outcomeOf(egress(), `https://hooks.example.com.:${server.port}/`)).toBe('welcome');
    expect(server.requests().at(-1)).toMatchObject({
      serverName: 'hooks.example.com',
      headers: { host: `hooks.example.com:${server.port}` },
    });
  });

  it('speaks of no name to an address, which the certificate must bear', async () => {
    expect(await outcomeOf(egress(), `https://127.0.0.1:${server.port}/`)).toBe('welcome');
    expect(server.requests().at(-1)?.serverName).toBe(false);
  });

  it('begins every connection anew', async () => {
    const fetching = egress();
    for (const path of ['a', 'b']) {
      await fetching.fetch(`https://hooks.example.com:${server.port}/${path}`);
    }
    expect(
      server
        .requests()
        .slice(-2)
        .map(({ sessionReused }) => sessionReused),
    ).toEqual([false, false]);
    expect(server.connections()).toBe(server.requests().length);
  });

  it.each([
    [
      'signed by nobody we know',
      () => outcomeOf(egress([]), `https://hooks.example.com:${server.port}/`),
    ],
    ['for another name', () => outcomeOf(egress(), `https://other.example.com:${server.port}/`)],
    ['that has expired', () => outcomeOf(egress(), `https://hooks.example.com:${stale.port}/`)],
    ['that is none', () => outcomeOf(egress(), `https://hooks.example.com:${plain.port}/`)],
  ])('is refused with a certificate %s', async (_what, outcome) => {
    expect(await outcome()).toBe('egress.tls');
  });

  it('that breaks off after a good handshake is not the certificate’s fault', async () => {
    const rude = await webServer({
      host: '127.0.0.1',
      identity,
      answer: (request) => request.socket.destroy(),
    });
    const fetching = createEgress({
      receivers: [`127.0.0.1:${rude.port}`],
      extraCa: [identity.cert],
    });
    const outcome = await outcomeOf(fetching, `https://127.0.0.1:${rude.port}/`);
    await rude.close();
    expect(outcome).toBe('egress.unreachable');
  });

  it('sends nothing before it knows whom to', async () => {
    const before = server.requests().length;
    await expect(
      egress([]).fetch(`https://hooks.example.com:${server.port}/`),
    ).rejects.toMatchObject({
      detail: 'handshake: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(server.requests().length).toBe(before);
  });
});
