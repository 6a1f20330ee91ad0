import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { scene } from '../test/scene.js';
import { WatermarkThread } from './watermark-thread.js';

const thread = new WatermarkThread(Buffer.alloc(32, 7));
afterAll(() => thread.close());

describe('the thread', () => {
  it('writes what it finds, and leaves what it was given as it was', async () => {
    const id = thread.idOf('job_1', 0);
    const { data, info } = await scene(1, 512, 400).raw().toBuffer({ resolveWithObject: true });
    const before = Buffer.from(data);
    const pixels = await thread.write({ data, ...info, channels: 3 }, id);
    expect(data.equals(before)).toBe(true);
    const picture = await sharp(pixels.data, { raw: pixels }).png().toBuffer();
    expect((await thread.find(picture))[0]).toMatchObject({ id, scale: 1 });
  });

  it('says what is wrong with a picture, and goes on', async () => {
    await expect(thread.find(Buffer.from('no picture'))).rejects.toThrow('unsupported image');
  });
});
