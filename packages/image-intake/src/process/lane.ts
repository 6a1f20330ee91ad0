import { intakeClosed } from '../refusals.js';
import { DecoderProcess } from './decoder-process.js';
import type { Limits } from './limits.js';
import type { Usage } from './usage.js';

/** A place where one picture at a time is drawn anew, with a process started ahead for the next. */
export class Lane {
  private next: Promise<DecoderProcess>;
  private working: Promise<unknown> = Promise.resolve();
  private closed = false;
  private used: Usage | undefined;

  private constructor(
    first: DecoderProcess,
    private readonly start: () => Promise<DecoderProcess>,
  ) {
    this.next = Promise.resolve(first);
  }

  /** @throws {IntakeUnavailable} `image.intake_down` */
  static async open(limits: Limits): Promise<Lane> {
    const start = () => DecoderProcess.start(limits);
    return new Lane(await start(), start);
  }

  /** What the last picture's process used; undefined when the picture never reached one. */
  get usage(): Usage | undefined {
    return this.used;
  }

  /**
   * One call at a time.
   * @throws what {@link DecoderProcess.start} and {@link DecoderProcess.redraw} throw
   */
  async redraw(picture: Buffer, signal?: AbortSignal): Promise<Buffer> {
    if (this.closed) throw intakeClosed();
    const drawing = this.draw(picture, signal);
    this.working = drawing.catch(() => undefined);
    return drawing;
  }

  /** Lets the picture in hand come to its end, then leaves no process behind. */
  async close(): Promise<void> {
    this.closed = true;
    await this.working;
    const decoder = await this.next.catch(() => undefined);
    await decoder?.kill();
  }

  private async draw(picture: Buffer, signal?: AbortSignal): Promise<Buffer> {
    this.used = undefined;
    const decoder = await this.prepared();
    signal?.throwIfAborted();
    try {
      return await decoder.redraw(picture, signal);
    } finally {
      this.used = decoder.usage;
      if (!this.closed) this.startNext();
    }
  }

  /** The process that waits, or a new one where it failed to start or did not live. */
  private async prepared(): Promise<DecoderProcess> {
    const waiting = await this.next.catch(() => undefined);
    if (!waiting?.alive) this.startNext();
    return this.next;
  }

  private startNext(): void {
    this.next = this.start();
    // Whoever needs it is told; until then nobody is.
    this.next.catch(() => undefined);
  }
}
