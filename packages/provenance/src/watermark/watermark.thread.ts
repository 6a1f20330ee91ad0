import { workerData } from 'node:worker_threads';
import { carryOut } from '../thread/carry-out.js';
import { findWatermark } from './search.js';
import { Watermark } from './watermark.js';
import type { Order } from './watermark-thread.js';

const watermark = new Watermark(workerData as Uint8Array);

carryOut(async (order: Order) => {
  if (order.kind === 'find') return findWatermark(order.image, watermark);
  const { pixels, id, made } = order;
  watermark.write(pixels, id, made);
  return pixels.data;
});
