import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

const KEPT_LINES = 200;

interface Waiter {
  pattern: RegExp;
  found: (match: RegExpMatchArray) => void;
}

/** Follows a server's output: keeps its last lines for error messages, copies all of it to a file. */
export class LogTail {
  private readonly lines: string[] = [];
  private readonly waiters = new Set<Waiter>();
  private readonly file: WriteStream | undefined;

  /** @param path log file to append to; without one only the last lines are kept, in memory */
  constructor(path?: string) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    this.file = createWriteStream(path, { flags: 'a' });
    // A full disk must not end the process that merely wanted a log.
    this.file.on('error', (error) => this.accept(`log file ${path}: ${error.message}`));
  }

  follow(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      if (this.file?.writable) this.file.write(chunk);
      const pieces = (rest + chunk).split('\n');
      rest = pieces.pop() ?? '';
      for (const line of pieces) this.accept(line);
    });
    stream.on('end', () => {
      if (rest !== '') this.accept(rest);
    });
  }

  /** Resolves with the first line that matches, from those kept or those to come. */
  waitFor(pattern: RegExp, signal: AbortSignal): Promise<RegExpMatchArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match) return Promise.resolve(match);
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { pattern, found: resolve };
      this.waiters.add(waiter);
      signal.addEventListener('abort', () => {
        this.waiters.delete(waiter);
        reject(signal.reason as Error);
      });
    });
  }

  /** The last lines, newest last. */
  last(count = 15): string {
    return this.lines.slice(-count).join('\n');
  }

  close(): void {
    this.file?.end();
  }

  private accept(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    for (const waiter of this.waiters) {
      const match = waiter.pattern.exec(line);
      if (!match) continue;
      this.waiters.delete(waiter);
      waiter.found(match);
    }
  }
}
