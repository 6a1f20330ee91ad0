import { parentPort, workerData } from 'node:worker_threads';
import { type Candidate, findWatermark } from './search.js';
import { Watermark } from './watermark.js';
import type { Order, Result } from './watermark-thread.js';

const watermark = new Watermark(workerData as Uint8Array);

async function carriedOut(order: Order): Promise<Uint8Array | Candidate[]> {
  if (order.kind === 'find') return findWatermark(order.image, watermark);
  const { pixels, id, made } = order;
  watermark.write(pixels, id, made);
  return pixels.data;
}

parentPort?.on('message', (order: Order & { number: number }) => {
  const { number } = order;
  carriedOut(order).then(
    (result) => parentPort?.postMessage({ number, result } satisfies Result),
    (error: unknown) => parentPort?.postMessage({ number, fault: String(error) } satisfies Result),
  );
});
