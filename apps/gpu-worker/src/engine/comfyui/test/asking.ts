import sharp from 'sharp';
import type { Engine, EngineOutput, EngineProgress, EngineRequest } from '../../engine.js';

/** A small request for a picture; `part` is what a test is about. */
export const asking = (part: Partial<EngineRequest> = {}): EngineRequest => ({
  ...{ operation: 'generate', model: 'sdxl/base', prompt: 'a lighthouse', negativePrompt: '' },
  ...{ width: 64, height: 64, steps: 3, guidance: 6, seed: 41, format: 'png' },
  ...part,
});

export const picture = (width: number, height: number, background = '#4070a0'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

/** White, but for a black frame of 8 pixels. */
export const framedMask = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width: width - 16, height: height - 16, channels: 3, background: '#fff' } })
    .extend({ top: 8, bottom: 8, left: 8, right: 8, background: '#000' })
    .png()
    .toBuffer();

export interface Ran {
  readonly output: EngineOutput;
  readonly progress: readonly EngineProgress[];
}

export async function ran(
  engine: Engine,
  request: EngineRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const progress: EngineProgress[] = [];
  const output = await engine.run(request, (one) => progress.push(one), signal);
  return { output, progress };
}
