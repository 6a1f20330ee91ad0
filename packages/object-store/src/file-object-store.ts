import { hash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, lstat, mkdir, open, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { keySegments, mediaTypeOf, ObjectKeyRefused } from './object-key.js';
import type { ObjectStore, StoredObject } from './object-store.js';
import { ObjectConflict, ObjectNotFound } from './object-store.js';

/** Keys cannot start with a dot, so no object ever meets this folder. */
const incomingFolder = '.incoming';
/** A temporary file this old belongs to a process that died in the middle of a put. */
const abandonedAfterMs = 60 * 60 * 1_000;
/** Stands for the slash in a file name; no key can contain it. */
const separator = '~';
const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/**
 * Objects as plain files under one root, shared by any number of processes on one machine. The file
 * of `jobs/j/1/o.png` is `<shard>/jobs~j~1~o.png`: one inode per object (folders of their own would
 * make a put three times as dear), and 256 shards, by the first byte of the key's SHA-256.
 *
 * A put writes a temporary file and hard-links it to its name: the link either appears whole or
 * fails because the name is taken, so two writers cannot overwrite each other. Nothing is synced to
 * disk per file: the death of a process loses nothing, only a power cut within seconds of the put
 * can. Such a loss cannot pass for the picture, because its digest stands in the job's events and in
 * the receipt, and readers compare it.
 */
export class FileObjectStore implements ObjectStore {
  private ready: Promise<void> | undefined;

  constructor(private readonly root: string) {}

  async put(key: string, bytes: Uint8Array, options: { mediaType: string }): Promise<StoredObject> {
    const path = this.pathOf(key);
    if (mediaTypeOf(key) !== options.mediaType) throw new ObjectKeyRefused('media_type');
    await this.prepare();
    const digest = digestOf(bytes);
    const incoming = join(this.root, incomingFolder, randomUUID());
    try {
      await writeFile(incoming, bytes, { flag: 'wx', mode: 0o640 });
      await this.publish(incoming, path, key, digest);
    } finally {
      await unlink(incoming).catch(ignoreAbsence);
    }
    return { digest, bytes: bytes.byteLength };
  }

  async get(key: string): Promise<{ bytes: Buffer; mediaType: string }> {
    const file = await this.openFile(key);
    try {
      return { bytes: await file.handle.readFile(), mediaType: mediaTypeOf(key) };
    } finally {
      await file.handle.close();
    }
  }

  async stream(key: string): Promise<{ stream: Readable; bytes: number; mediaType: string }> {
    const { handle, bytes } = await this.openFile(key);
    return { stream: handle.createReadStream(), bytes, mediaType: mediaTypeOf(key) };
  }

  async exists(key: string): Promise<boolean> {
    try {
      return (await lstat(this.pathOf(key))).isFile();
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    if (await this.exists(key)) await unlink(this.pathOf(key)).catch(ignoreAbsence);
  }

  private pathOf(key: string): string {
    const name = keySegments(key).join(separator);
    return join(this.root, hash('sha256', key, 'hex').slice(0, 2), name);
  }

  private async publish(incoming: string, path: string, key: string, digest: string) {
    try {
      await linkInto(incoming, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const existing = await this.get(key).catch(() => undefined);
      if (!existing || digestOf(existing.bytes) !== digest) throw new ObjectConflict(key);
    }
  }

  /** Opens the file itself, never what a link points to. */
  private async openFile(key: string): Promise<{ handle: FileHandle; bytes: number }> {
    const path = this.pathOf(key);
    let handle: FileHandle;
    try {
      handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if (isAbsence(error)) throw new ObjectNotFound(key);
      throw error;
    }
    const status = await handle.stat();
    if (status.isFile()) return { handle, bytes: status.size };
    await handle.close();
    throw new ObjectNotFound(key);
  }

  /** Once per process: makes the folder for temporary files and clears what dead processes left. */
  private prepare(): Promise<void> {
    this.ready ??= this.clearAbandoned().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  private async clearAbandoned(): Promise<void> {
    const folder = join(this.root, incomingFolder);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const age = await stat(path).then(
        (s) => Date.now() - s.mtimeMs,
        () => 0,
      );
      if (age > abandonedAfterMs) await unlink(path).catch(ignoreAbsence);
    }
  }
}

/** The shard's folder is made when the first object needs it. */
async function linkInto(incoming: string, path: string): Promise<void> {
  try {
    await link(incoming, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    await link(incoming, path);
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** No such name; a file where a folder was meant; or a link, which the store never makes. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(codeOf(error)));
}

function ignoreAbsence(error: unknown): void {
  if (!isAbsence(error)) throw error;
}
