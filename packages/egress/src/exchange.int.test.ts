import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from './egress-refused.js';
import { outcomeOf } from './test/outcome.js';
import { egressTo, endOf, serversOfTest } from './test/servers-of-test.js';

const { serving, writing } = serversOfTest();

const OK = 'HTTP/1.1 200 OK\r\n';

describe('what is sent', () => {
  it('names the host, asks for no compression and keeps no connection', async () => {
    const { server, egress, url } = await serving();
    await egress.fetch(`${url}a/b?c=d#e`);
    expect(server.requests()).toMatchObject([
      {
        method: 'GET',
        url: '/a/b?c=d',
        headers: {
          host: `a.example.com:${server.port}`,
          'accept-encoding': 'identity',
          connection: 'close',
          'user-agent': 'Safelight',
        },
      },
    ]);
    await egress.fetch(url);
    expect(server.connections()).toBe(2);
  });

  it('is the body whole, with its length in bytes and the headers of the caller', async () => {
    const { server, egress, url } = await serving();
    const headers = { 'Webhook-Id': 'msg_1', 'User-Agent': 'Safelight-Hooks' };
    await egress.fetch(url, { method: 'POST', headers, body: '{"prompt":"Wäldchen"}' });
    expect(server.requests()[0]).toMatchObject({
      method: 'POST',
      body: '{"prompt":"Wäldchen"}',
      headers: { 'webhook-id': 'msg_1', 'user-agent': 'Safelight-Hooks', 'content-length': '22' },
    });
    await egress.fetch(url, { method: 'POST', body: Buffer.from([0x41, 0x42]) });
    await egress.fetch(url, { method: 'POST' });
    await egress.fetch(url, { method: 'PUT', body: 'put' });
    expect(server.requests().map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"prompt":"Wäldchen"}'],
      ['POST', 'AB'],
      ['POST', ''],
      ['PUT', 'put'],
    ]);
  });
});

describe('an answer', () => {
  it('is returned with any status', async () => {
    for (const status of [204, 304, 404, 410, 500]) {
      const { egress, url } = await serving((_, response) => response.writeHead(status).end());
      expect(await egress.fetch(url)).toMatchObject({ status, url });
    }
  });

  it('is not decompressed', async () => {
    const bytes = gzipSync('welcome');
    const { egress, url } = await serving((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes),
    );
    const answer = await egress.fetch(url, { maxBytes: bytes.byteLength });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.equals(bytes)).toBe(true);
  });

  it('has as many bytes as allowed, with a length or without', async () => {
    const whole = await serving((_, response) => response.end('12345'));
    const parts = await serving((_, response) => {
      response.write('123');
      response.end('45');
    });
    for (const { egress, url } of [whole, parts]) {
      expect(await outcomeOf(egress, url, { maxBytes: 5 })).toBe('12345');
      const tooLarge = egress.fetch(url, { maxBytes: 4 });
      await expect(tooLarge).rejects.toMatchObject({ code: 'egress.too_large', status: 200 });
      await expect(tooLarge).rejects.toThrow('at most 4 bytes');
    }
  });

  it('to HEAD may speak of more bytes than would be read', async () => {
    const { egress, url } = await serving((_, response) =>
      response.writeHead(200, { 'content-length': '5000' }).end(),
    );
    const answer = await egress.fetch(url, { method: 'HEAD', maxBytes: 10 });
    expect(answer.headers['content-length']).toBe('5000');
    expect(answer.body.byteLength).toBe(0);
  });

  it('may have none to read', async () => {
    const { egress, url } = await serving((_, response) => response.end());
    expect(await outcomeOf(egress, url, { maxBytes: 0 })).toBe('');
  });

  it('that never ends is cut off, and so is its connection', async () => {
    let served: Socket | undefined;
    const ask = await writing((socket) => {
      served = socket;
      socket.write(`${OK}\r\n`);
      const pour = () => {
        while (socket.writable && socket.write(Buffer.alloc(65_536))) continue;
      };
      socket.on('drain', pour);
      pour();
    });
    expect(await ask({ maxBytes: 1_000_000 })).toBe('egress.too_large');
    await endOf(served);
  });

  it.each([
    ['is said to be too large', `${OK}content-length: 5000\r\n\r\n`, 'egress.too_large'],
    [
      'belongs to a redirect',
      `HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n`,
      'egress.redirect_refused',
    ],
  ])('whose body %s is not waited for, and its connection ends', async (_what, bytes, code) => {
    let served: Socket | undefined;
    const ask = await writing((socket) => {
      served = socket;
      socket.write(bytes);
    });
    expect(await ask({ maxBytes: 4_999 })).toBe(code);
    await endOf(served);
  });
});

describe('an answer that is none', () => {
  const chunked = `${OK}transfer-encoding: chunked\r\n`;
  it.each([
    ['too long a header', `${OK}a: ${'x'.repeat(20_000)}\r\n\r\n`, 'egress.too_large'],
    [
      'headers too long together',
      `${OK}${`a: ${'x'.repeat(400)}\r\n`.repeat(60)}\r\n`,
      'egress.too_large',
    ],
    ['too many headers', `${OK}${'a: b\r\n'.repeat(101)}\r\n`, 'egress.too_large'],
    [
      'endless trailers',
      `${chunked}\r\n0\r\n${`a: ${'x'.repeat(400)}\r\n`.repeat(60)}\r\n`,
      'egress.unreachable',
    ],
    ['interim answers only', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20), 'egress.too_large'],
    [
      'another protocol',
      'HTTP/1.1 101 Go\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx',
      'egress.unreachable',
    ],
    ['another protocol, unnamed', 'HTTP/1.1 101 Go\r\n\r\nx', 'egress.unreachable'],
    ['no HTTP', '220 mail.example.com ESMTP\r\n', 'egress.unreachable'],
    ['nothing', '', 'egress.unreachable'],
    ['half its headers', `${OK}content-le`, 'egress.unreachable'],
    ['half its body', `${OK}content-length: 10\r\n\r\n12345`, 'egress.unreachable'],
    ['half its chunks', `${chunked}\r\n5\r\n12345\r\n`, 'egress.unreachable'],
    ['a chunk without a size', `${chunked}\r\nz\r\n12345\r\n0\r\n\r\n`, 'egress.unreachable'],
    [
      'two lengths',
      `${OK}content-length: 5\r\ncontent-length: 6\r\n\r\n12345`,
      'egress.unreachable',
    ],
    ['a length and chunks', `${chunked}content-length: 5\r\n\r\n0\r\n\r\n`, 'egress.unreachable'],
    ['a broken header', `${OK}a\r\n b: c\r\n\r\n`, 'egress.unreachable'],
  ])('but %s', async (_what, bytes, code) => {
    const ask = await writing(bytes);
    expect(await ask({ maxBytes: 100_000 })).toBe(code);
  });

  it('has a hundred headers and a few interim answers at most', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n';
    const ask = await writing(`${interim}${OK}${'a: b\r\n'.repeat(100)}\r\nwelcome`);
    expect(await ask()).toBe('welcome');
  });
});

describe('a server that is not there', () => {
  it('is unreachable, and the cause is kept for the log', async () => {
    const { server, egress, url } = await serving();
    await server.close();
    const fetched = egress.fetch(url);
    await expect(fetched).rejects.toThrow(EgressRefused);
    await expect(fetched).rejects.toMatchObject({
      code: 'egress.unreachable',
      detail: 'connect: ECONNREFUSED',
    });
  });

  it('at one address is sought at the next', async () => {
    const { server, url } = await serving();
    expect(await outcomeOf(egressTo(server.port, ['127.0.0.9', '127.0.0.1']), url)).toBe('welcome');
  });
});
