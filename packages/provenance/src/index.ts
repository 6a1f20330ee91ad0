export type { Brightness } from './watermark/brightness.js';
export { brightnessOf, type Pixels } from './watermark/embed.js';
export type { Reading } from './watermark/read.js';
export { type Candidate, findWatermark, SURE } from './watermark/search.js';
export { LEAST_KEY, LEAST_SIDE, Watermark, type WatermarkId } from './watermark/watermark.js';
export { WatermarkThread } from './watermark/watermark-thread.js';
