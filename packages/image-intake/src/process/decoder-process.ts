import { ImageRefused, intakeDown, refusalCodes } from '../refusals.js';
import { type Frame, FrameReader, FrameTooLong, headOf, kinds, StreamEnded } from './frames.js';
import { type Child, launch } from './launch.js';
import type { Limits } from './limits.js';
import { type Usage, usageOf } from './usage.js';

const startTimeoutMs = 20_000;
const watchEveryMs = 5;
/** What the greediest decoder takes between two looks at it. */
const memoryMarginBytes = 5_000_000;

/**
 * A process that decodes one picture and is then killed: nothing of one customer's picture can reach
 * another's. It starts ahead of its picture, so that nobody waits for it.
 */
export class DecoderProcess {
  private readonly exited: Promise<unknown>;
  private readonly answers: FrameReader;
  private complaints = '';
  private seen: Usage = { cpuMs: 0, peakMemoryBytes: 0 };
  private startUpCpuMs = 0;

  private constructor(
    private readonly child: Child,
    private readonly limits: Limits,
  ) {
    this.exited = new Promise((resolve) => child.once('exit', resolve).on('error', resolve));
    // A child that dies while it is written to is known by the end of its output.
    child.stdin.on('error', () => undefined);
    child.stderr
      .on('error', () => undefined)
      .on('data', (text: Buffer) => {
        this.complaints = (this.complaints + text.toString()).slice(-500);
      });
    this.answers = new FrameReader(child.stdout);
  }

  /** @throws {IntakeUnavailable} `image.intake_down` */
  static async start(limits: Limits): Promise<DecoderProcess> {
    let decoder: DecoderProcess | undefined;
    try {
      decoder = new DecoderProcess(launch(limits), limits);
      await decoder.beReady();
      return decoder;
    } catch (error) {
      await decoder?.kill();
      throw intakeDown(
        new Error(`it does not start: ${decoder?.complaints ?? ''}`, { cause: error }),
      );
    }
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What the picture had used when the process was last looked at; its memory is all memory. */
  get usage(): Usage {
    const { cpuMs, peakMemoryBytes } = this.seen;
    return { cpuMs: cpuMs - this.startUpCpuMs, peakMemoryBytes };
  }

  /**
   * Draws a picture anew. The process is dead when this is over.
   *
   * @returns the new file, which the caller has to look at: the process may have been taken over
   * @throws {ImageRefused}
   * @throws {IntakeUnavailable} `image.intake_down`, when somebody else killed the process
   * @throws the signal's reason
   */
  async redraw(picture: Buffer, signal?: AbortSignal): Promise<Buffer> {
    const ends = new AbortController();
    const limit = this.breach(ends.signal);
    try {
      this.child.stdin.write(headOf(kinds.image, picture.length));
      this.child.stdin.write(picture);
      const answer = this.answers.next(this.limits.maxOutputBytes);
      return bodyOf(await Promise.race([answer, limit, aborted(signal, ends.signal)]));
    } catch (error) {
      if (error instanceof FrameTooLong) throw new ImageRefused('image.too_complex');
      if (!(error instanceof StreamEnded)) throw error;
      await Promise.race([this.exited, limit]);
      throw this.causeOfDeath();
    } finally {
      ends.abort();
      this.look();
      await this.kill();
    }
  }

  private async beReady(): Promise<void> {
    const timer = setTimeout(() => void this.kill(), startTimeoutMs);
    try {
      const { kind } = await this.answers.next(0);
      // Where the process cannot be watched, its limits would be a promise nobody keeps.
      if (kind !== kinds.ready || !this.look()) throw new Error('it cannot be watched');
      this.startUpCpuMs = this.seen.cpuMs;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when the process is gone for good. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Rejects when the process passes a limit. */
  private breach(ends: AbortSignal): Promise<never> {
    const began = performance.now();
    const { maxMemoryBytes, maxCpuMs, timeoutMs } = this.limits;
    return new Promise((_, reject) => {
      const timer = setInterval(() => {
        this.look();
        if (this.seen.peakMemoryBytes > maxMemoryBytes - memoryMarginBytes) {
          reject(new ImageRefused('image.too_complex'));
        }
        const late = performance.now() - began > timeoutMs;
        if (late || this.usage.cpuMs > maxCpuMs) reject(new ImageRefused('image.timeout'));
      }, watchEveryMs);
      ends.addEventListener('abort', () => clearInterval(timer));
    });
  }

  /** @returns whether there was anything to see */
  private look(): boolean {
    const { pid } = this.child;
    // The number of a dead process may already be somebody else's.
    const usage = pid !== undefined && this.alive ? usageOf(pid) : undefined;
    if (usage) this.seen = usage;
    return usage !== undefined;
  }

  /** It died before it answered: what the picture did to the decoder shows in the signal. */
  private causeOfDeath(): Error {
    switch (this.child.signalCode) {
      case 'SIGXCPU':
        return new ImageRefused('image.timeout');
      case 'SIGKILL':
        return intakeDown(new Error('its process was killed from outside'));
      default:
        return new ImageRefused(
          outOfMemory.test(this.complaints) ? 'image.too_complex' : 'image.damaged',
        );
    }
  }
}

/** What the C library, GLib and V8 say when the kernel gives no more memory. */
const outOfMemory = /out of memory|failed to allocate|bad_alloc/i;

function bodyOf({ kind, body }: Frame): Buffer {
  if (kind === kinds.image) return body;
  throw new ImageRefused(refusalCodes[kind] ?? 'image.damaged');
}

const aborted = (signal: AbortSignal | undefined, ends: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const giveUp = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', giveUp, { once: true, signal: ends });
  });
