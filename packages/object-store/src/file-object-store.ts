import { hash, randomUUID } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keySegments, mediaTypeOf, ObjectKeyRefused } from './object-key.js';
import type { ObjectStore, StoredObject } from './object-store.js';
import {
  ObjectAltered,
  ObjectConflict,
  ObjectNotFound,
  ObjectSizeDiffers,
} from './object-store.js';
import { codeOf, isAbsence, OpenFile, SMALL_BYTES } from './open-file.js';
import { ProvenFiles } from './proven-files.js';

/** Keys cannot start with a dot, so no object ever meets this folder. */
const incomingFolder = '.incoming';
/** A temporary file this old belongs to a process that died in the middle of a put. */
const abandonedAfterMs = 60 * 60 * 1_000;
/** Stands for the slash in a file name; no key can contain it. */
const separator = '~';
/** Segments of a key that say where it lies: the objects of one job lie together. */
const placeDepth = 2;
const shards = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, '0'));
const shardOf = (segments: readonly string[]): string =>
  hash('sha256', segments.slice(0, placeDepth).join('/'), 'hex').slice(0, 2);
const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/**
 * Objects as plain files under one root, shared by any number of processes on one machine. The file
 * of `jobs/j/1/o.png` is `<shard>/jobs~j~1~o.png`: one inode per object (folders of their own would
 * make a put three times as dear), and 256 shards, by the first byte of the SHA-256 of `jobs/j`, so that
 * whatever belongs to one job is found in one of them.
 *
 * A put writes a temporary file and hard-links it to its name: the link either appears whole or
 * fails because the name is taken, so two writers cannot overwrite each other. Nothing is synced to
 * disk per file: the death of a process loses nothing, only a power cut within seconds of the put
 * can. Such a loss cannot pass for the picture, because its digest stands in the job's events and in
 * the receipt, and readers compare it.
 *
 * Names, and the bytes of small objects, are written and read on the calling thread: that takes tens
 * of microseconds, and a trip to another thread and back costs more. The bytes of large objects and
 * of streams do travel.
 */
export class FileObjectStore implements ObjectStore {
  private ready: Promise<void> | undefined;
  private readonly proven = new ProvenFiles();

  constructor(private readonly root: string) {}

  async put(key: string, bytes: Uint8Array, options: { mediaType: string }): Promise<StoredObject> {
    const path = this.pathOf(key);
    if (mediaTypeOf(key) !== options.mediaType) throw new ObjectKeyRefused('media_type');
    await this.prepare();
    const digest = digestOf(bytes);
    const incoming = join(this.root, incomingFolder, randomUUID());
    let taken: boolean;
    try {
      if (bytes.byteLength <= SMALL_BYTES) writeFileSync(incoming, bytes, asNew);
      else await writeFile(incoming, bytes, asNew);
      taken = !linkInto(incoming, path);
    } finally {
      removeName(incoming);
    }
    if (taken && (await this.digestAt(key, bytes.byteLength)) !== digest) {
      throw new ObjectConflict(key);
    }
    return { digest, bytes: bytes.byteLength };
  }

  async get(
    key: string,
    { bytes }: { bytes?: number } = {},
  ): Promise<{ bytes: Buffer; mediaType: string }> {
    const file = await this.openFile(key);
    try {
      if (bytes !== undefined && bytes !== file.bytes) throw new ObjectSizeDiffers(key);
      return { bytes: await file.read(), mediaType: mediaTypeOf(key) };
    } finally {
      file.close();
    }
  }

  async stream(
    key: string,
    range?: { start: number; end: number },
    digest?: string,
  ): Promise<{ stream: Readable; bytes: number; mediaType: string }> {
    const file = await this.openFile(key);
    try {
      if (digest !== undefined && !(await this.proven.holds(file, digest)))
        throw new ObjectAltered(key);
    } catch (error) {
      file.close();
      throw error;
    }
    return { stream: file.stream(range), bytes: file.bytes, mediaType: mediaTypeOf(key) };
  }

  async exists(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) return true;
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    await nextTurn();
    return false;
  }

  async delete(key: string): Promise<void> {
    if (await this.exists(key)) await unlink(this.pathOf(key)).catch(ignoreAbsence);
  }

  async *list(prefix: string): AsyncGenerator<readonly string[], void> {
    const segments = keySegments(prefix);
    const start = [...segments, ''].join(separator);
    for (const shard of segments.length < placeDepth ? shards : [shardOf(segments)]) {
      const names = await readdir(join(this.root, shard)).catch(noNames);
      const keys = names.filter((name) => name.startsWith(start));
      if (keys.length > 0) yield keys.map((name) => name.replaceAll(separator, '/'));
    }
  }

  async writtenAt(key: string): Promise<Date | undefined> {
    try {
      // Its file was written just before it got this name, and never since.
      return (await lstat(this.pathOf(key))).mtime;
    } catch (error) {
      ignoreAbsence(error);
      return undefined;
    }
  }

  private pathOf(key: string): string {
    const segments = keySegments(key);
    return join(this.root, shardOf(segments), segments.join(separator));
  }

  /** The digest of what has this key; `undefined` when it has another size, or is gone again. */
  private async digestAt(key: string, size: number): Promise<string | undefined> {
    try {
      return digestOf((await this.get(key, { bytes: size })).bytes);
    } catch (error) {
      if (error instanceof ObjectNotFound || error instanceof ObjectSizeDiffers) return undefined;
      throw error;
    }
  }

  private async openFile(key: string): Promise<OpenFile> {
    const file = OpenFile.at(this.pathOf(key));
    if (file) return file;
    // Who asks again and again until an object is there must not keep its writer from its turn.
    await nextTurn();
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

const asNew = { flag: 'wx', mode: 0o640 } as const;

/**
 * Gives the file its name. The shard's folder is made when the first object needs it.
 * @returns whether the name was free
 */
function linkInto(incoming: string, path: string): boolean {
  let fault = faultOfLink(incoming, path);
  if (codeOf(fault) === 'ENOENT') {
    mkdirSync(dirname(path), { recursive: true });
    fault = faultOfLink(incoming, path);
  }
  if (fault !== undefined && codeOf(fault) !== 'EEXIST') throw fault;
  return fault === undefined;
}

function faultOfLink(incoming: string, path: string): Error | undefined {
  try {
    linkSync(incoming, path);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function removeName(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    ignoreAbsence(error);
  }
}

function noNames(error: unknown): string[] {
  ignoreAbsence(error);
  return [];
}

function ignoreAbsence(error: unknown): void {
  if (!isAbsence(error)) throw error;
}
