import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { FileObjectStore } from '@safelight/object-store';
import { eventually } from '@safelight/testing';
import type { EngineOutput } from '../engine/engine.js';
import { Uploads } from './uploads.js';

const output: EngineOutput = {
  ...{ bytes: new Uint8Array([7]), mediaType: 'image/png', width: 1, height: 1, seed: 7 },
};

let folder: string;
let incoming: string;
let troubles: number;
let stopping: AbortController;
let uploads: Uploads;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-uploads-'));
  incoming = join(folder, '.incoming');
  troubles = 0;
  stopping = new AbortController();
  const onTrouble = () => void (troubles += 1);
  uploads = new Uploads(
    new FileObjectStore(folder),
    { jobId: newId('job'), attempt: 2, format: 'png' },
    { signal: stopping.signal, untilMs: Date.now() + 60_000, onTrouble },
  );
});
afterEach(() => rm(folder, { recursive: true }));

/** A file where the store needs a folder: nothing can be put until `mend`. */
const breakStore = () => writeFile(incoming, '');
const mend = async () => {
  await rm(incoming);
  await mkdir(incoming);
};
const stored = async () =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.png'));

describe('the uploads of an attempt', () => {
  it('are tried again while the store cannot take them', async () => {
    await breakStore();
    const added = uploads.add(output);
    await eventually(() => troubles > 1);
    await mend();
    await added;
    expect(uploads.outputs).toMatchObject([{ seed: 7, bytes: 1 }]);
    expect(uploads.outputs[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await stored()).toHaveLength(1);
  });

  it('keep nobody waiting who was told to stop, and leave nothing behind', async () => {
    await uploads.add(output);
    await rm(incoming, { recursive: true });
    await breakStore();
    const added = uploads.add(output);
    await eventually(() => troubles > 0);
    stopping.abort();
    await expect(added).rejects.toMatchObject({ name: 'AbortError' });
    await mend();
    await uploads.discard();
    expect(await stored()).toEqual([]);
  });
});
