import { spawn } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FileObjectStore } from './file-object-store.js';
import {
  ObjectAltered,
  ObjectConflict,
  ObjectNotFound,
  ObjectSizeDiffers,
} from './object-store.js';
import { SMALL_BYTES } from './open-file.js';
import { objectStoreConformance } from './test/object-store.conformance.js';

const roots: string[] = [];
const newRoot = async () => {
  const root = await mkdtemp(join(tmpdir(), 'safelight-objects-'));
  roots.push(root);
  return root;
};
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

objectStoreConformance('FileObjectStore', async () => new FileObjectStore(await newRoot()));

const fileOf = async (root: string, name: string) => {
  const names = await readdir(root, { recursive: true });
  return join(
    root,
    names.find((path) => path.endsWith(name))!,
  );
};

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

  it('keeps an object whose writer died before it took the temporary name away', async () => {
    const root = await newRoot();
    await new FileObjectStore(root).put('a.png', Buffer.from('a'), png);
    const temporary = join(root, '.incoming', 'left');
    await link(await fileOf(root, 'a.png'), temporary);
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1_000);
    await utimes(temporary, longAgo, longAgo);
    const store = new FileObjectStore(root);
    await store.put('a.png', Buffer.from('a'), png);
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
    expect((await store.get('a.png')).bytes.toString()).toBe('a');
  });

  it('does not follow a symbolic link out of the root', async () => {
    const root = await newRoot();
    const outside = await newRoot();
    await writeFile(join(outside, 'secret.png'), 'secret');
    const store = new FileObjectStore(root);
    await store.put('link.png', Buffer.from('own'), png);
    const path = await fileOf(root, 'link.png');
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

describe.each([1, SMALL_BYTES, SMALL_BYTES + 1, 16 * SMALL_BYTES])(
  'an object of %i bytes',
  (size) => {
    const png = { mediaType: 'image/png' };
    const bytes = randomBytes(size);

    it('is stored, read and streamed whole, and refused to another of its size', async () => {
      const store = new FileObjectStore(await newRoot());
      const stored = { digest: hash('sha256', bytes, 'hex'), bytes: size };
      expect(await store.put('a.png', bytes, png)).toEqual(stored);
      expect(await store.put('a.png', bytes, png)).toEqual(stored);
      const other = Buffer.from(bytes).fill(bytes[0]! ^ 1, 0, 1);
      await expect(store.put('a.png', other, png)).rejects.toThrow(ObjectConflict);
      expect((await store.get('a.png')).bytes.equals(bytes)).toBe(true);
      expect((await buffer((await store.stream('a.png')).stream)).equals(bytes)).toBe(true);
    });

    it('is streamed only as long as it holds the bytes that were put, where that is asked', async () => {
      const root = await newRoot();
      const store = new FileObjectStore(root);
      const { digest } = await store.put('a.png', bytes, png);
      const path = await fileOf(root, 'a.png');
      const read = async (range?: { start: number; end: number }) =>
        buffer((await store.stream('a.png', range, digest)).stream);
      expect((await read()).equals(bytes)).toBe(true);
      expect(await read({ start: 0, end: 0 })).toEqual(bytes.subarray(0, 1));
      await writeFile(path, Buffer.from(bytes).fill(bytes[0]! ^ 1, 0, 1));
      await expect(read()).rejects.toThrow(ObjectAltered);
      await expect(read({ start: 0, end: 0 })).rejects.toThrow(ObjectAltered);
      await writeFile(path, bytes);
      expect((await read()).equals(bytes)).toBe(true);
    });

    it('is closed after it was read, refused, streamed, or its stream given up', async () => {
      const store = new FileObjectStore(await newRoot());
      const { digest } = await store.put('a.png', bytes, png);
      const another = hash('sha256', 'another', 'hex');
      const before = (await readdir('/dev/fd')).length;
      for (let reads = 0; reads < 30; reads += 1) {
        await store.get('a.png');
        await expect(store.get('a.png', { bytes: size + 1 })).rejects.toThrow(ObjectSizeDiffers);
        await buffer((await store.stream('a.png', undefined, digest)).stream);
        await expect(store.stream('a.png', undefined, another)).rejects.toThrow(ObjectAltered);
        const { stream } = await store.stream('a.png');
        stream.destroy();
        await once(stream, 'close');
      }
      expect((await readdir('/dev/fd')).length - before).toBeLessThan(15);
    });
  },
);

describe.each([SMALL_BYTES, SMALL_BYTES + 1])('a writer of %i bytes', (size) => {
  /** Puts one object and dies at the n-th call into the file system: a write is done by half then. */
  const program = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const [root, fatal] = [process.argv[1], Number(process.argv[2])];
    const bytes = new Uint8Array(${size}).fill(7);
    const { writeFileSync } = fs;
    let calls = 0;
    const mortal = (name, run) => (...args) => {
      calls += 1;
      if (calls < fatal) return run(...args);
      if (name.startsWith('writeFile')) writeFileSync(args[0], bytes.subarray(0, 1000), args[2]);
      process.kill(process.pid, 'SIGKILL');
    };
    const { FileObjectStore } = await import(process.argv[3]);
    for (const folder of [fs, fs.promises]) {
      for (const [name, run] of Object.entries(folder)) {
        const isCall = folder === fs.promises || name.endsWith('Sync');
        if (typeof run === 'function' && isCall) folder[name] = mortal(name, run);
      }
    }
    syncBuiltinESMExports();
    await new FileObjectStore(root).put('a.png', bytes, { mediaType: 'image/png' });`;
  const module = new URL('./file-object-store.js', import.meta.url).href;

  it('leaves all of the object or none of it, at whatever call it dies', async () => {
    const bytes = new Uint8Array(size).fill(7);
    let survived = false;
    let deaths = 0;
    while (!survived) {
      const root = await newRoot();
      const args = ['--input-type=module', '-e', program, root, String(deaths + 1), module];
      const [code, signal] = await once(spawn(process.execPath, args), 'close');
      survived = code === 0;
      if (!survived) expect(signal).toBe('SIGKILL');
      if (!survived) deaths += 1;
      const store = new FileObjectStore(root);
      const left = await store.get('a.png').catch(() => undefined);
      expect(left === undefined || left.bytes.equals(bytes)).toBe(true);
      await store.put('a.png', bytes, { mediaType: 'image/png' });
      expect((await store.get('a.png')).bytes.equals(bytes)).toBe(true);
    }
    // To make and list the folder, to write, to link, to make the shard, to link, to unlink.
    expect(deaths).toBeGreaterThanOrEqual(7);
  }, 60_000);
});
