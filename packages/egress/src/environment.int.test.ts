import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { selfSigned } from './test/certificates.js';
import { rawServer } from './test/raw-server.js';
import { type WebServer, webServer } from './test/web-server.js';

const identity = selfSigned(['hooks.example.com']);
let proxy: WebServer;
let plain: WebServer;
let secure: WebServer;

beforeAll(async () => {
  proxy = await webServer({ host: '127.0.0.1' });
  plain = await webServer({ host: '127.0.0.1' });
  secure = await webServer({ host: '127.0.0.1', identity });
});
afterAll(() => Promise.all([proxy, plain, secure].map((server) => server.close())));

/** A process whose environment would have Node use a proxy, trust anybody and parse anything. */
async function inSuchAnEnvironment(program: string): Promise<string> {
  const address = `http://127.0.0.1:${proxy.port}`;
  const proxies = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
  ];
  const preamble = `
    import { createEgress } from '${new URL('index.js', import.meta.url).href}';
    const egress = createEgress({
      receivers: ['127.0.0.1:${plain.port}', '127.0.0.1:${secure.port}'],
      resolve: async () => ['127.0.0.1'],
    });
    const outcome = (work) => work.then(({ status }) => status, (error) => error.code ?? error.message);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', preamble + program], {
    env: {
      ...Object.fromEntries(proxies.map((name) => [name, address])),
      NODE_USE_ENV_PROXY: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_NO_WARNINGS: '1',
      NODE_OPTIONS: '--insecure-http-parser --max-http-header-size=1000000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return (await text(child.stdout)).trim();
}

describe('the environment', () => {
  it('sends nothing through a proxy', async () => {
    const program = `
      console.log(await outcome(egress.fetch('http://hooks.example.com:${plain.port}/')));
      console.log(await outcome(egress.fetch('http://127.0.0.1:${plain.port}/')));`;
    expect(await inSuchAnEnvironment(program)).toBe('200\n200');
    expect(plain.requests().length).toBe(2);
    expect(proxy.connections()).toBe(0);
  });

  it('makes no certificate good', async () => {
    const program = `console.log(await outcome(egress.fetch('https://hooks.example.com:${secure.port}/')));`;
    expect(await inSuchAnEnvironment(program)).toBe('egress.tls');
    expect(secure.requests().length).toBe(0);
    expect(proxy.connections()).toBe(0);
  });

  it.each([
    [
      'a length and chunks',
      'transfer-encoding: chunked\r\ncontent-length: 1',
      'egress.unreachable',
    ],
    ['too long a header', `a: ${'x'.repeat(20_000)}`, 'egress.too_large'],
  ])('makes no parser take %s', async (_what, headers, code) => {
    const server = await rawServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n0\r\n\r\n`),
    );
    const program = `
      const other = createEgress({ receivers: ['127.0.0.1:${server.port}'] });
      console.log(await outcome(other.fetch('http://127.0.0.1:${server.port}/')));`;
    const said = await inSuchAnEnvironment(program);
    await server.close();
    expect(said).toBe(code);
  });

  it('would have, with Node’s own client: the negative control', async () => {
    const program = `
      import { get } from 'node:http';
      import { once } from 'node:events';
      const [answer] = await once(get('http://127.0.0.1:${plain.port}/'), 'response');
      console.log(answer.statusCode);
      answer.destroy();`;
    expect(await inSuchAnEnvironment(program)).toBe('200');
    expect(proxy.requests()[0]?.url).toBe(`http://127.0.0.1:${plain.port}/`);
  });
});
