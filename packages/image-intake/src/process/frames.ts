import type { Readable } from 'node:stream';

/**
 * How service and child talk: one byte that says what it is, four that say how long, then the body.
 * No object is ever rebuilt from what a child writes, so a child that a picture has taken over can
 * hand over bytes and nothing else.
 */
export type Frame = Readonly<{ kind: number; body: Buffer }>;

/** Kinds below this one are indexes into the refusal codes. */
export const kinds = { ready: 200, image: 201 } as const;

export const headBytes = 5;

/** The other side is gone in the middle of its sentence. */
export class StreamEnded extends Error {}

/** The other side has more to say than it may. */
export class FrameTooLong extends Error {}

/** @param length of the body, in bytes */
export function headOf(kind: number, length: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(kind);
  head.writeUInt32BE(length, 1);
  return head;
}

export const lengthIn = (head: Buffer): number => head.readUInt32BE(1);

/** Reads the frames of one stream, which it holds back while nobody asks for one. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private held = 0;
  private wanted = 0;
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(private readonly stream: Readable) {
    const end = () => {
      this.ended = true;
      this.wake();
    };
    stream.on('data', (chunk: Buffer) => this.hold(chunk));
    stream.once('end', end).on('error', end).once('close', end);
  }

  /**
   * One call at a time.
   * @param maxBody in bytes; a longer frame is not read
   * @throws {StreamEnded}
   * @throws {FrameTooLong}
   */
  async next(maxBody: number): Promise<Frame> {
    const head = await this.exactly(headBytes);
    const length = lengthIn(head);
    if (length > maxBody) throw new FrameTooLong(`a frame of ${length} bytes`);
    return { kind: head.readUInt8(), body: await this.exactly(length) };
  }

  private hold(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return;
    this.stream.pause();
    this.wake();
  }

  private async exactly(length: number): Promise<Buffer> {
    this.wanted = length;
    if (this.held < length && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.stream.resume();
      });
    }
    if (this.held < length) throw new StreamEnded('the stream has ended');
    const all = Buffer.concat(this.chunks, this.held);
    this.chunks = [all.subarray(length)];
    this.held -= length;
    return all.subarray(0, length);
  }
}
