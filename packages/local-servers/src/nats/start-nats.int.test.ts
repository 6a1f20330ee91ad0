import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { testFolder } from '../test-folder.js';
import { defaultToolsDir } from '../tools-folder.js';
import { findNatsServer } from './find-nats-server.js';
import { startNats, type LocalNats, type NatsOptions } from './start-nats.js';

const { inFolder, atEnd } = testFolder();

async function start(options: Partial<NatsOptions> = {}): Promise<LocalNats> {
  const nats = await startNats({ storeDir: inFolder('nats'), ...options });
  atEnd(() => nats.stop());
  return nats;
}

/** One request in NATS's own text protocol: the answer's JSON and what the server said of itself. */
async function request(port: number, subject: string, body: unknown = {}) {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  const text = JSON.stringify(body);
  socket.write('CONNECT {"verbose":false}\r\nSUB answer 1\r\n');
  socket.write(`PUB ${subject} answer ${Buffer.byteLength(text)}\r\n${text}\r\n`);
  let heard = '';
  for await (const chunk of socket) {
    heard += String(chunk);
    const answer = /MSG answer 1 (\d+)\r\n([^\r]*)\r\n/.exec(heard);
    if (Number(answer?.[1]) === Buffer.byteLength(answer?.[2] ?? '')) break;
  }
  const info = JSON.parse(/INFO (.*)\r\n/.exec(heard)![1]!) as Record<string, unknown>;
  const answer = JSON.parse(/MSG answer .*\r\n(.*)\r\n/.exec(heard)![1]!) as Record<
    string,
    unknown
  >;
  return { info, answer };
}

const createStream = (port: number) =>
  request(port, '$JS.API.STREAM.CREATE.kept', { name: 'kept', subjects: ['kept.>'] });

const messagesIn = async (port: number): Promise<unknown> => {
  const { answer } = await request(port, '$JS.API.STREAM.INFO.kept');
  return (answer['state'] as { messages: number } | undefined)?.messages;
};

describe('startNats', () => {
  it('serves JetStream on the loopback with the settings we need, and stops', async () => {
    const nats = await start({ log: inFolder('logs', 'nats.log') });
    const { info, answer } = await createStream(nats.port);
    expect(info).toMatchObject({ host: '127.0.0.1', version: nats.version, jetstream: true });
    expect(info['max_payload']).toBe(8 * 1024 * 1024);
    expect(answer).toMatchObject({ did_create: true });
    expect(nats.monitorUrl).toBeUndefined();
    await nats.stop();
    expect(await readFile(inFolder('logs', 'nats.log'), 'utf8')).toContain('Server Exiting');
  });

  it('keeps its messages over restarts, also after kill -9, on the same port', async () => {
    const nats = await start();
    await createStream(nats.port);
    await request(nats.port, 'kept.one');
    const before = nats.pid;
    await nats.restart();
    expect(nats.pid).not.toBe(before);
    expect(await messagesIn(nats.port)).toBe(1);
    nats.kill('SIGKILL');
    expect(await nats.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await nats.restart();
    expect(await messagesIn(nats.port)).toBe(1);
  });

  it('starts empty when its store was deleted', async () => {
    const nats = await start();
    await createStream(nats.port);
    await nats.stop();
    await rm(inFolder('nats'), { recursive: true });
    await nats.restart();
    expect(await messagesIn(nats.port)).toBeUndefined();
  });

  it('runs beside another of its kind and whoever holds port 4222', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => {
      // Somebody else holding it already serves the purpose as well.
      holder.once('error', () => resolve());
      holder.listen(4222, '127.0.0.1', resolve);
    });
    const both = [inFolder('one'), inFolder('two')].map((storeDir) => start({ storeDir }));
    const [one, two] = await Promise.all(both);
    expect(new Set([4222, one?.port, two?.port]).size).toBe(3);
    holder.close();
  });

  it('ends the server that a killed launcher left on the store', async () => {
    const first = await start();
    await createStream(first.port);
    await first.stop();
    const { path } = await findNatsServer({ toolsDir: defaultToolsDir });
    const left = spawn(path, ['-c', inFolder('nats', 'nats.conf')], { stdio: 'ignore' });
    const ended = once(left, 'exit');
    await once(left, 'spawn');
    const nats = await start();
    await ended;
    expect(await messagesIn(nats.port)).toBe(0);
  });

  it('serves the monitor when asked', async () => {
    const nats = await start({ monitor: true });
    const answer = await fetch(`${nats.monitorUrl}/healthz`);
    expect(await answer.json()).toEqual({ status: 'ok' });
  });

  it('refuses a store in use, and a port in use with the last log lines', async () => {
    await start();
    await expect(start()).rejects.toThrow(`already run by process ${process.pid}`);
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const other = start({ storeDir: inFolder('other'), port });
    await expect(other).rejects.toThrow(/ended before it was ready[^]*address already in use/);
    holder.close();
  });
});
