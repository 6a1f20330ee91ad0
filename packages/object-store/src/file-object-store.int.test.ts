import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FileObjectStore } from './file-object-store.js';
import { ObjectNotFound } from './object-store.js';
import { objectStoreConformance } from './test/object-store.conformance.js';

const roots: string[] = [];
const newRoot = async () => {
  const root = await mkdtemp(join(tmpdir(), 'safelight-objects-'));
  roots.push(root);
  return root;
};
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

objectStoreConformance('FileObjectStore', async () => new FileObjectStore(await newRoot()));

describe('the folder of a FileObjectStore', () => {
  const png = { mediaType: 'image/png' };

  it('keeps no temporary files, neither after a put nor after a refused one', async () => {
    const root = await newRoot();
    const store = new FileObjectStore(root);
    await store.put('a.png', Buffer.from('a'), png);
    await expect(store.put('a.png', Buffer.from('b'), png)).rejects.toThrow();
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
  });

  it('clears what a dead process left, but nothing young', async () => {
    const root = await newRoot();
    await mkdir(join(root, '.incoming'));
    await writeFile(join(root, '.incoming', 'old'), 'x');
    await writeFile(join(root, '.incoming', 'young'), 'x');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1_000);
    await utimes(join(root, '.incoming', 'old'), longAgo, longAgo);
    await new FileObjectStore(root).put('a.png', Buffer.from('a'), png);
    expect(await readdir(join(root, '.incoming'))).toEqual(['young']);
  });

  it('does not follow a symbolic link out of the root', async () => {
    const root = await newRoot();
    const outside = await newRoot();
    await writeFile(join(outside, 'secret.png'), 'secret');
    const store = new FileObjectStore(root);
    await store.put('link.png', Buffer.from('own'), png);
    const own = (await readdir(root, { recursive: true })).find((name) => name.endsWith('.png'));
    const path = join(root, own!);
    await rm(path);
    await symlink(join(outside, 'secret.png'), path);
    await expect(store.get('link.png')).rejects.toThrow(ObjectNotFound);
    expect(await store.exists('link.png')).toBe(false);
  });

  it('shows a reader all of an object or none of it', async () => {
    const store = new FileObjectStore(await newRoot());
    const bytes = randomBytes(4_000_000);
    const writing = store.put('big.png', bytes, png).then(() => true);
    let written: boolean;
    do {
      written = await Promise.race([writing, Promise.resolve(false)]);
      const seen = await store.get('big.png').catch(() => undefined);
      if (seen) expect(seen.bytes.equals(bytes)).toBe(true);
    } while (!written);
    expect(await store.exists('big.png')).toBe(true);
  });

  it('recovers when the root could not be made at first', async () => {
    const parent = await newRoot();
    const root = join(parent, 'root');
    await writeFile(root, 'a file is in the way');
    const store = new FileObjectStore(root);
    await expect(store.put('a.png', Buffer.from('a'), png)).rejects.toThrow();
    await rm(root);
    await store.put('a.png', Buffer.from('a'), png);
    expect(await store.exists('a.png')).toBe(true);
  });
});
