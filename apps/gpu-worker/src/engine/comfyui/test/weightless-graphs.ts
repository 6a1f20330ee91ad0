import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { EngineRequest } from '../../engine.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, framedMask, picture, ran } from './asking.js';
import { weightlessWorkflows } from './example-files.js';

const weightless = { prompt: '', steps: 1 };

interface Server {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** One suite for both: what holds on our server has to hold on a real one. */
export function weightlessGraphs(open: () => Promise<Server>): void {
  let server: Server;
  let engine: ComfyuiEngine;
  beforeAll(async () => {
    server = await open();
    engine = new ComfyuiEngine({ url: server.url, workflowsFolder: weightlessWorkflows });
  });
  afterAll(async () => {
    await engine.close();
    await server.close();
  });
  const made = async (part: Partial<EngineRequest>) =>
    (await ran(engine, asking({ ...weightless, ...part }))).output;
  const pixel = async (bytes: Uint8Array, left: number, top: number) =>
    sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();

  it('makes a picture of the size asked for', async () => {
    const output = await made({ model: 'weightless/card', width: 96, height: 64 });
    expect(output).toMatchObject({ mediaType: 'image/png', width: 96, height: 64 });
    expect([...(await pixel(output.bytes, 48, 32))]).toEqual([0x33, 0x66, 0x99]);
  });

  it('enlarges an uploaded image', async () => {
    const image = await picture(40, 30);
    const output = await made({
      operation: 'upscale',
      model: 'weightless/enlarge',
      image,
      scale: 2,
    });
    expect(output).toMatchObject({ width: 80, height: 60 });
  });

  it('changes an image where its mask is white', async () => {
    const [image, mask] = [await picture(64, 64, '#204060'), await framedMask(64, 64)];
    const output = await made({ operation: 'edit', model: 'weightless/invert', image, mask });
    expect([...(await pixel(output.bytes, 2, 2))]).toEqual([0x20, 0x40, 0x60]);
    expect([...(await pixel(output.bytes, 32, 32))]).toEqual([0xdf, 0xbf, 0x9f]);
  });

  it('makes a video', async () => {
    const size = { width: 64, height: 64, seconds: 1, fps: 8 };
    const output = await made({ operation: 'video', model: 'weightless/clip', ...size });
    expect(output).toMatchObject({ mediaType: 'video/mp4', width: 64, height: 64 });
    expect(Buffer.from(output.bytes).toString('latin1', 4, 8)).toBe('ftyp');
  });

  it('refuses a prompt that goes nowhere', async () => {
    const failing = made({ model: 'weightless/card', prompt: 'a lake' });
    await expect(failing).rejects.toMatchObject({ code: 'engine.request_invalid' });
  });
}
