import { approve, type CleanImage } from './clean-image.js';
import { type Header, type MediaType, readHeader } from './format/formats.js';
import { Lane } from './process/lane.js';
import type { Limits } from './process/limits.js';
import type { Usage } from './process/usage.js';
import {
  assertSize,
  ImageRefused,
  IntakeUnavailable,
  type RefusalCode,
  tooLarge,
  type UnavailableCode,
} from './refusals.js';
import { Turns } from './turns.js';

export type IntakeOptions = Readonly<{
  /** The largest file taken in, in bytes. */
  maxBytes: number;
  /** The most pixels a file may declare: 40 megapixels unless told otherwise. */
  maxPixels?: number;
  /** The largest file handed out, in bytes: four times `maxBytes`. Written anew, files may grow. */
  maxOutputBytes?: number;
  /** Resident memory of one decoding process, in megabytes: 300. */
  maxMemoryMb?: number;
  /** Processor time for one picture, in milliseconds: 2,000. */
  maxCpuMs?: number;
  /** Time on the clock for one picture, in milliseconds: 10,000. For a process that hangs. */
  timeoutMs?: number;
  /** Pictures decoded at the same moment: 2. As many processes wait for work. */
  workers?: number;
  /** Pictures that may wait for their turn: 16. */
  maxWaiting?: number;
  /** Told of every picture that got its turn, for metrics and logs. */
  observe?: (run: ImageRun) => void;
}>;

/** One picture's way through a process. */
export type ImageRun = Usage &
  Readonly<{
    outcome: 'cleaned' | 'abandoned' | RefusalCode | UnavailableCode;
    mediaType: MediaType;
    /** On the clock, in milliseconds, without waiting for a turn. */
    elapsedMs: number;
  }>;

/**
 * The one door for images from outside. Only JPEG, PNG and WebP come in, known by content; the
 * service itself reads no more of them than the declared size. Everything else happens in a process
 * of its own for each picture, which ends with it.
 */
export class ImageIntake {
  private readonly turns: Turns<Lane>;

  private constructor(
    private readonly lanes: readonly Lane[],
    private readonly limits: Limits,
    private readonly options: IntakeOptions,
  ) {
    this.turns = new Turns([...lanes], options.maxWaiting ?? 16);
  }

  /** @throws {IntakeUnavailable} `image.intake_down`, when a process does not start here */
  static async start(options: IntakeOptions): Promise<ImageIntake> {
    const limits = limitsFrom(options);
    const opening = Array.from({ length: options.workers ?? 2 }, () => Lane.open(limits));
    const opened = await Promise.allSettled(opening);
    const lanes = opened.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
    const failed = opened.find((lane) => lane.status === 'rejected');
    if (!failed) return new ImageIntake(lanes, limits, options);
    await Promise.all(lanes.map((lane) => lane.close()));
    throw failed.reason;
  }

  /**
   * Draws an image anew and leaves behind all that is not its pixels.
   *
   * @param signal ends the wait, and the process that decodes
   * @throws {ImageRefused} what is wrong with the image, and what to do about it
   * @throws {IntakeUnavailable} nothing is wrong with the image, it may be sent again
   * @throws the signal's reason
   */
  async clean(bytes: Buffer, { signal }: { signal?: AbortSignal } = {}): Promise<CleanImage> {
    const declared = this.inspect(bytes);
    const lane = await this.turns.take(signal);
    const began = performance.now();
    let outcome: ImageRun['outcome'] = 'abandoned';
    try {
      const image = approve(await lane.redraw(bytes, signal), declared);
      outcome = 'cleaned';
      return image;
    } catch (error) {
      if (error instanceof ImageRefused || error instanceof IntakeUnavailable) outcome = error.code;
      throw error;
    } finally {
      const elapsedMs = performance.now() - began;
      const { mediaType } = declared;
      const run = { outcome, mediaType, elapsedMs, ...(lane.usage ?? nothingUsed) };
      this.turns.give(lane);
      this.options.observe?.(run);
    }
  }

  /** Refuses new and waiting images, finishes those in hand, and leaves no process behind. */
  async close(): Promise<void> {
    this.turns.close();
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  /** All that can be told without decoding. */
  private inspect(bytes: Buffer): Header {
    if (bytes.length > this.options.maxBytes) throw tooLarge(this.options.maxBytes);
    const header = readHeader(bytes);
    assertSize(header, this.limits.maxPixels);
    return header;
  }
}

const nothingUsed: Usage = { cpuMs: 0, peakMemoryBytes: 0 };

const limitsFrom = (options: IntakeOptions): Limits => ({
  maxPixels: options.maxPixels ?? 40_000_000,
  maxOutputBytes: options.maxOutputBytes ?? 4 * options.maxBytes,
  maxMemoryBytes: (options.maxMemoryMb ?? 300) * 1_000_000,
  maxCpuMs: options.maxCpuMs ?? 2_000,
  timeoutMs: options.timeoutMs ?? 10_000,
});
