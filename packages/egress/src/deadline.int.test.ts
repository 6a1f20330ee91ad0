import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createEgress } from './egress.js';
import { outcomeOf } from './test/outcome.js';
import { endOf, serversOfTest } from './test/servers-of-test.js';

const { serving, writing } = serversOfTest();
const OK = 'HTTP/1.1 200 OK\r\n';

describe('the deadline', () => {
  it.each([
    ['silence', () => undefined],
    ['half the headers', (socket: Socket) => socket.write(OK)],
    ['half the body', (socket: Socket) => socket.write(`${OK}content-length: 10\r\n\r\n12345`)],
  ])('ends %s', async (_what, write) => {
    const ask = await writing((socket) => void write(socket));
    expect(await ask({ timeoutMs: 60 })).toBe('egress.timeout');
  });

  it('ends an answer that comes byte by byte', async () => {
    const ask = await writing((socket) => {
      socket.write(`${OK}\r\n`);
      const drip = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await ask({ timeoutMs: 100 })).toBe('egress.timeout');
  });

  it('ends a lookup, and nobody is called when its answer comes after all', async () => {
    const { server, url } = await serving();
    const later = new EventEmitter();
    const late = once(later, 'answer') as Promise<string[]>;
    const egress = createEgress({
      receivers: [`127.0.0.1:${server.port}`],
      resolve: () => late,
    });
    await expect(egress.check(url, { timeoutMs: 20 })).rejects.toThrow('20 ms');
    expect(await outcomeOf(egress, url, { timeoutMs: 20 })).toBe('egress.timeout');
    later.emit('answer', '127.0.0.1');
    await new Promise(setImmediate);
    expect(server.connections()).toBe(0);
  });
});

describe('a caller who changes his mind', () => {
  const reason = new Error('changed my mind');

  it('before the start, sends nothing', async () => {
    const { server, egress, url } = await serving();
    await expect(egress.fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.connections()).toBe(0);
  });

  it.each([
    ['for the headers', ''],
    ['for the body', `${OK}content-length: 10\r\n\r\n12345`],
  ])('while he waits %s, hears his own reason, and the connection ends', async (_what, bytes) => {
    const mind = new AbortController();
    let served: Socket | undefined;
    const ask = await writing((socket) => {
      served = socket;
      socket.write(bytes, () => mind.abort(reason));
    });
    await expect(ask({ signal: mind.signal })).rejects.toBe(reason);
    await endOf(served);
  });
});

describe('a check', () => {
  it('says what fetch would say, and calls nobody', async () => {
    const { server, egress, url } = await serving();
    await egress.check(url);
    await expect(egress.check('https://10.0.0.1/')).rejects.toMatchObject({
      code: 'egress.address_not_public',
    });
    await expect(egress.check(url, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(server.connections()).toBe(0);
  });
});
