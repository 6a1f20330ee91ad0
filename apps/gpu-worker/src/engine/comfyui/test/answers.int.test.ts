import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ComfyuiServer, eventually } from '@safelight/testing';
import { ComfyuiClient } from '../client/comfyui-client.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, picture, ran } from './asking.js';
import { exampleFolders, exampleModels } from './example-files.js';
import { Gate } from './gate.js';

let server: ComfyuiServer;
let engine: ComfyuiEngine;
let lake: Buffer;

beforeAll(async () => {
  lake = await picture(64, 64);
});
beforeEach(async () => {
  server = await ComfyuiServer.start({ models: exampleFolders() });
  engine = new ComfyuiEngine({ url: server.url, modelsFile: exampleModels, awayMs: 300 });
});
afterEach(async () => {
  await engine.close();
  await server.close();
});

interface Told {
  outputs: Record<string, unknown>;
  status: { messages: unknown[] };
}

/** Changes what the history says of a run. */
const spoilHistory = (change: (entry: Told) => unknown): void => {
  server.spoil = (path, answer) => {
    if (!path.startsWith('history/')) return answer;
    const entries = Object.entries(JSON.parse(String(answer.body)) as Record<string, Told>);
    const changed = entries.map(([id, entry]) => [id, change(entry)] as const);
    return { ...answer, body: JSON.stringify(Object.fromEntries(changed)) };
  };
};

describe('a ComfyUI that answers in its own way', () => {
  it('may have nodes that say something else of themselves than pictures', async () => {
    spoilHistory((entry) => {
      const odd = { images: [{ name: 'x' }, 'y', null], text: 5 };
      Object.assign(entry.outputs, { 90: odd, 91: null, 92: 'done', 93: { images: 'none' } });
      entry.status.messages.push('a word', null, ['custom', 1, 2]);
      return entry;
    });
    expect((await ran(engine, asking())).output).toMatchObject({ width: 64, height: 64 });
  });

  it('fails the run alone where the end of it cannot be read', async () => {
    spoilHistory(() => 'done');
    const failing = ran(engine, asking());
    await expect(failing).rejects.toMatchObject({ code: 'engine.answer_unreadable' });
    expect(await engine.health()).toMatchObject({ ok: true });
  });

  it('fails the run alone where it refuses to tell', async () => {
    const refused = { status: 500, body: 'Internal Server Error' };
    server.spoil = (path, answer) => (path.startsWith('history/') ? refused : answer);
    await expect(ran(engine, asking())).rejects.toMatchObject({ code: 'engine.fault' });
  });

  it('is not listened to without end', async () => {
    spoilHistory((entry) => ({ ...entry, meta: 'x'.repeat(20_000_000) }));
    const failing = ran(engine, asking());
    await expect(failing).rejects.toMatchObject({ code: 'engine.answer_too_large' });
  });

  it('counts as silent where its answer does not come to an end', async () => {
    const dribbling = http.createServer((_, response) => void response.write('{"queue_'));
    await new Promise<void>((resolve) => dribbling.listen(0, '127.0.0.1', resolve));
    const { port } = dribbling.address() as AddressInfo;
    const client = new ComfyuiClient(`http://127.0.0.1:${port}`, 100);
    const asked = client.standing('a');
    await expect(asked).rejects.toMatchObject({ code: 'engine.unreachable' });
    dribbling.closeAllConnections();
    dribbling.close();
  });
});

describe('after a run', () => {
  /** Files that still hold more than one grey pixel. */
  const kept = () =>
    server.files.names.filter((name) => {
      const [type = '', ...rest] = name.split('/');
      const { filename, subfolder } = { filename: rest.pop() ?? '', subfolder: rest.join('/') };
      return (server.files.read({ type, subfolder, filename })?.length ?? 0) > 100;
    });

  it('nothing is left of its pictures and words', async () => {
    const { output } = await ran(engine, asking({ image: lake, strength: 0.5 }));
    expect(output.bytes.length).toBeGreaterThan(100);
    await eventually(() => Object.keys(server.queue.history()).length === 0);
    expect(server.files.names.length).toBe(2);
    expect(kept()).toEqual([]);
  });

  it('nothing is left where it was cancelled', async () => {
    const gate = new Gate();
    server.onStep = () => gate.passed();
    const stop = new AbortController();
    const running = ran(engine, asking({ image: lake, strength: 0.5 }), stop.signal);
    await gate.reached();
    expect(kept().length).toBe(1);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    gate.open();
    await eventually(() => server.queue.remaining === 0 && kept().length === 0);
    await eventually(() => Object.keys(server.queue.history()).length === 0);
  });

  it('a picture that two runs are made of stays until its own run has ended', async () => {
    const gate = new Gate();
    server.onStep = ({ promptId }) => (promptId === firstId() ? undefined : gate.passed());
    const firstId = () => server.submitted[0]?.promptId;
    const image = { image: lake, strength: 0.5 };
    const first = ran(engine, asking({ ...image, seed: 1 }));
    await eventually(() => server.submitted.length === 1);
    const second = ran(engine, asking({ ...image, seed: 2 }));
    await first;
    await gate.reached();
    await eventually(() => kept().length === 1);
    gate.open();
    await second;
    await eventually(() => kept().length === 0);
  });
});
