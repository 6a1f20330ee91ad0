import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { withWhiteMask } from './mask.js';

/** Two pixels: the left one is to be kept, the right one repainted. */
const draw = (left: number[], right: number[]) =>
  sharp(Uint8Array.from([...left, ...right]), {
    raw: { width: 2, height: 1, channels: left.length as 3 | 4 },
  })
    .png()
    .toBuffer();

async function lightness(mask: Uint8Array | undefined): Promise<number[]> {
  const { data, info } = await sharp(mask).greyscale().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: 2 }, (_, pixel) => data[pixel * info.channels] ?? -1);
}

describe('withWhiteMask', () => {
  it.each([
    ['transparent', [10, 200, 30, 255], [255, 0, 0, 0]],
    ['black', [255, 255, 255], [0, 0, 0]],
    ['white', [0, 0, 0], [255, 255, 255]],
  ] as const)('has white where %s was to be repainted', async (repaint, kept, repainted) => {
    const mask = await draw([...kept], [...repainted]);
    const { mask: white } = await withWhiteMask({ mask }, repaint);
    expect(await lightness(white)).toEqual([0, 255]);
  });

  it('keeps everything where nothing is transparent', async () => {
    const mask = await draw([1, 2, 3], [4, 5, 6]);
    const { mask: white } = await withWhiteMask({ mask }, 'transparent');
    expect(await lightness(white)).toEqual([0, 0]);
  });
});
