import { OrderThread } from '../thread/order-thread.js';
import type { Pixels } from './embed.js';
import type { Candidate } from './search.js';
import { Watermark, type WatermarkId } from './watermark.js';

export type Order =
  | { kind: 'find'; image: Uint8Array }
  | { kind: 'write'; pixels: Pixels; id: WatermarkId; made?: Uint8Array | undefined };

/** Up to here writing takes less time than handing the pixels to another thread is worth. */
const AT_ONCE_PIXELS = 100_000;

/** A watermark that is written and looked for on a thread of its own, which starts at the first order. */
export class WatermarkThread {
  private readonly watermark: Watermark;
  private readonly thread: OrderThread<Order>;

  /** @throws RangeError as `Watermark` */
  constructor(key: Uint8Array) {
    this.watermark = new Watermark(key);
    this.thread = new OrderThread(new URL('./watermark.thread.js', import.meta.url), key);
  }

  /** As `Watermark.idOf`. */
  idOf(jobId: string, picture: number): WatermarkId {
    return this.watermark.idOf(jobId, picture);
  }

  /** As `Watermark.write`, into a copy. */
  async write(pixels: Pixels, id: WatermarkId, made?: Uint8Array): Promise<Pixels> {
    if (pixels.width * pixels.height <= AT_ONCE_PIXELS) {
      const copy = { ...pixels, data: new Uint8Array(pixels.data) };
      this.watermark.write(copy, id, made);
      return copy;
    }
    const data = (await this.thread.order({ kind: 'write', pixels, id, made })) as Uint8Array;
    return { ...pixels, data };
  }

  /** As `findWatermark`. */
  async find(image: Uint8Array): Promise<Candidate[]> {
    return (await this.thread.order({ kind: 'find', image })) as Candidate[];
  }

  /** What is under way is given up. */
  close(): Promise<void> {
    return this.thread.close();
  }
}
