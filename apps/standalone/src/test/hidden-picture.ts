import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { TestClient } from './client.js';

const prompt = 'a red kite over a stormy sea';

const own = ['edit', 'generate', 'upscale', 'video'].map((path) => `${path} 400 PROMPT_BLOCKED`);
const ways = [...own, 'images 400 moderation_blocked', 'novita 400 ILLEGAL_PROMPT'];
/** With a live key and with a test key. */
export const refusals = [...ways, ...ways];

/** What each way in says to a picture in which nobody can tell who is hidden; both kinds of key. */
export async function answersToMosaic(url: string, live: TestClient): Promise<string[]> {
  const scopes = ['jobs:read', 'jobs:write'];
  const made = await live.send('POST', '/api/v1/keys', { kind: 'test', scopes });
  const test = new TestClient(url, made.json.data.key as string);
  const hidden = await mosaic();
  const answers = [live, test].flatMap((client) => [
    ...ownWays(client, hidden.toString('base64')),
    imagesWay(url, client, hidden),
    novitaWay(client, hidden.toString('base64')),
  ]);
  return Promise.all(answers);
}

function ownWays(client: TestClient, image: string): Promise<string>[] {
  const bodies = {
    edit: { prompt, image, automask: 'background' },
    generate: { prompt, image, width: 256, height: 256, steps: 4 },
    upscale: { image, scale: 2 },
    video: { prompt, image, width: 320, height: 256, seconds: 1, fps: 8 },
  };
  return Object.entries(bodies).map(async ([path, body]) => {
    const { status, json } = await client.send('POST', `/api/v1/${path}`, body);
    return `${path} ${status} ${json['code'] as string}`;
  });
}

async function imagesWay(url: string, { apiKey }: TestClient, image: Buffer): Promise<string> {
  const openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
  const file = await toFile(image, 'image.png', { type: 'image/png' });
  const error: unknown = await openai.images
    .edit({ prompt, image: file })
    .catch((one: unknown) => one);
  return `images ${error instanceof OpenAI.APIError ? `${error.status} ${error.code}` : 'passed'}`;
}

async function novitaWay(client: TestClient, image_base64: string): Promise<string> {
  const size = { width: 256, height: 256, steps: 8, image_num: 1, strength: 0.5 };
  const request = { model_name: 'any', prompt, image_base64, ...size };
  const { status, json } = await client.send('POST', '/v3/async/img2img', { request });
  return `novita ${status} ${json['reason'] as string}`;
}

/** Twelve blocks of many colours a side. */
async function mosaic(): Promise<Buffer> {
  const blocks = Uint8Array.from({ length: 12 * 12 * 3 }, (_, at) => (at * 83 + at * at * 7) % 256);
  const raw = { width: 12, height: 12, channels: 3 } as const;
  const small = await sharp(blocks, { raw }).png().toBuffer();
  const enlarged = { fit: 'fill', kernel: 'nearest' } as const;
  return sharp(small).resize(264, 264, enlarged).png().toBuffer();
}
