import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readFile,
  readFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/**
 * Up to this many bytes are written and read on the calling thread. The CPU time of a put there,
 * against one through the thread pool: a third for 10 kB, two thirds for 64 KiB, all for 256 KiB.
 */
export const SMALL_BYTES = 64 * 1024;

const readElsewhere = promisify(readFile);
/** Never what a link points to; and a pipe that somebody put here must not hold up the process. */
const toRead = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A plain file, open for reading, until it is closed or its stream ends. */
export class OpenFile {
  /** `undefined` when there is no plain file of this name. Throws the errors of the file system. */
  static at(path: string): OpenFile | undefined {
    let fd: number;
    try {
      fd = openSync(path, toRead);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
    try {
      const status = fstatSync(fd);
      if (status.isFile()) return new OpenFile(fd, status.size);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    return undefined;
  }

  private constructor(
    private readonly fd: number,
    readonly bytes: number,
  ) {}

  /** All of it; leaves it open. */
  async read(): Promise<Buffer> {
    return this.bytes <= SMALL_BYTES ? readFileSync(this.fd) : readElsewhere(this.fd);
  }

  /** All of it or a range, piece by piece; closes it at the end, or when it is destroyed. */
  stream(range: { start: number; end: number } | undefined): Readable {
    return createReadStream('', { fd: this.fd, start: 0, ...range });
  }

  /** SHA-256 of all of it, in lower-case hex; leaves it open. */
  async digest(): Promise<string> {
    const sum = createHash('sha256');
    const pieces = createReadStream('', { fd: this.fd, start: 0, autoClose: false });
    for await (const piece of pieces as AsyncIterable<Buffer>) sum.update(piece);
    return sum.digest('hex');
  }

  /** Which file this is, and since when it holds what it holds: no write leaves that as it was. */
  get state(): string {
    const { ino, size, ctimeNs } = fstatSync(this.fd, { bigint: true });
    return `${ino} ${size} ${ctimeNs}`;
  }

  close(): void {
    closeSync(this.fd);
  }
}

export const codeOf = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException | undefined)?.code;

/** No such name; a file where a folder was meant; or a link, which the store never makes. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(codeOf(error)));
}
