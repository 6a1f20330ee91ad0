import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileObjectStore } from './file-object-store.js';
import { SealBroken, SealedObjects } from './sealed-objects.js';

const plain = Buffer.from('a picture that is nobody else’s affair');
let folder: string;
let store: FileObjectStore;
let sealed: SealedObjects;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-sealed-'));
  store = new FileObjectStore(folder);
  sealed = new SealedObjects(store);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a sealed object', () => {
  it('opens with its own key alone, and shows nothing of itself without', async () => {
    const { dataKey, digest } = await sealed.put('inputs/one', plain);
    expect(await sealed.open('inputs/one', dataKey)).toEqual(plain);
    const { bytes } = await store.get('inputs/one');
    expect(bytes.includes(plain.subarray(0, 9))).toBe(false);
    const again = await sealed.put('inputs/two', plain);
    expect([again.digest === digest, again.dataKey === dataKey]).toEqual([false, false]);
    await expect(sealed.open('inputs/one', again.dataKey)).rejects.toThrow(SealBroken);
    await expect(sealed.open('inputs/one', 'c2hvcnQ=')).rejects.toThrow(SealBroken);
  });

  it('does not open once a bit was changed, or in the place of another', async () => {
    const { dataKey } = await sealed.put('inputs/three', plain);
    const { bytes } = await store.get('inputs/three');
    const mediaType = 'application/octet-stream';
    await store.put('inputs/moved', bytes, { mediaType });
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    await store.put('inputs/changed', bytes, { mediaType });
    await store.put('inputs/cut', bytes.subarray(0, 9), { mediaType });
    for (const key of ['inputs/moved', 'inputs/changed', 'inputs/cut']) {
      await expect(sealed.open(key, dataKey)).rejects.toThrow(SealBroken);
    }
  });
});
