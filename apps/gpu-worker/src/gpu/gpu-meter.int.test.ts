import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GpuMeter } from './gpu-meter.js';

const GIB = 2 ** 30;

let folder: string;
let nowMs: number;
let meter: GpuMeter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-gpu-'));
  nowMs = 0;
  meter = meterWith(`${folder}${delimiter}${process.env['PATH'] ?? ''}`);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const meterWith = (PATH: string) => new GpuMeter('0', { PATH }, () => nowMs);

/** Puts a `nvidia-smi` of our own on the PATH, which notes how it is called. */
async function nvidiaSmi(script: string): Promise<void> {
  const file = join(folder, 'nvidia-smi');
  await writeFile(file, `#!/bin/sh\necho "$@" >> '${folder}/calls'\n${script}\n`);
  await chmod(file, 0o755);
}
const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');

describe('the GPU', () => {
  it('is asked by its index, and at most every 10 s', async () => {
    await nvidiaSmi('echo "NVIDIA L4, 24576, 20480"');
    await meter.look();
    const seen = { name: 'NVIDIA L4', vramBytes: 24 * GIB, freeVramBytes: 20 * GIB };
    expect(meter.latest).toEqual(seen);
    nowMs = 9_999;
    await meter.look();
    expect(await calls()).toEqual([
      '--query-gpu=name,memory.total,memory.free --format=csv,noheader,nounits --id=0',
    ]);
    await nvidiaSmi('echo "NVIDIA L4, 24576, 10240"');
    nowMs = 10_000;
    await meter.look();
    expect(meter.latest).toEqual({ ...seen, freeVramBytes: 10 * GIB });
    expect(await calls()).toHaveLength(2);
  });

  it('tells the most that was seen in use while an attempt ran', async () => {
    await nvidiaSmi('echo "NVIDIA L4, 24576, 20480"');
    await meter.look();
    const watch = meter.watch();
    for (const free of ['8192', '16384']) {
      nowMs += 10_000;
      await nvidiaSmi(`echo "NVIDIA L4, 24576, ${free}"`);
      await meter.look();
    }
    expect(watch.end()).toBe(16 * GIB);
    expect(meter.watch().end()).toBeNull();
  });

  it.each([
    ['is garbage', 'head -c 200000 /dev/urandom'],
    ['is too much', 'while :; do echo "NVIDIA L4, 24576, 20480"; done'],
    ['comes with a failure', 'echo "NVIDIA L4, 24576, 20480"; exit 9'],
    ['is a lie', 'echo "NVIDIA L4, 1, 20480"'],
  ])('is unknown when what it says %s', async (_, script) => {
    await nvidiaSmi('echo "NVIDIA L4, 24576, 20480"');
    await meter.look();
    nowMs = 10_000;
    await nvidiaSmi(script);
    await meter.look();
    expect(meter.latest).toBeNull();
  });

  it('is unknown when nobody answers, and nobody waits for it twice', async () => {
    // The shell ends when it is killed, but what it started keeps its output open.
    await nvidiaSmi(`sleep 30 & echo $! > '${folder}/sleeper'; wait`);
    const looked = meter.look();
    nowMs = 60_000;
    await meter.look();
    expect(meter.latest).toBeNull();
    await looked;
    expect(await calls()).toHaveLength(1);
    process.kill(Number(await readFile(join(folder, 'sleeper'), 'utf8')));
  });

  it('is unknown where there is no nvidia-smi', async () => {
    meter = meterWith(folder);
    await meter.look();
    expect(meter.latest).toBeNull();
  });
});
