import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptedAnswer, modelsAnswer, novitaModels, problemDocument } from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { Api, type Answered } from '../test/api.js';
import {
  exampleDocument,
  everyPart as parts,
  offered,
  offerOf,
} from '../test/catalogue-example.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { plain, png } from '../test/pictures.js';
import { runningGateway } from '../test/running-gateway.js';

const folder = mkdtempSync(join(tmpdir(), 'safelight-catalogue-'));
const MODEL_CATALOGUE = join(folder, 'catalogue.json');
writeFileSync(MODEL_CATALOGUE, JSON.stringify(exampleDocument));
afterAll(() => rmSync(folder, { recursive: true }));

const tolerated = { '*': 'default', 'field:sampler_name': null, 'field:controlnet': null };
const database = gatewayDatabase();
const gateway = runningGateway(database, {
  MODEL_CATALOGUE,
  MODEL_ALIASES: JSON.stringify({ ...tolerated, dedicated: 'house/xl' }),
});
let api: Api;
/** Pictures that can be told apart by their size. */
let pictures: Record<'image' | 'looks' | 'depth' | 'edges', string>;
beforeAll(async () => {
  gateway.offers = [
    offered(offerOf('builtin/plain', { features: [] }), { isDefault: true }),
    offered(offerOf('house/xl'), { state: 'cold' }),
    offered(offerOf('house/fifteen')),
    offered(offerOf('house/gone')),
    offered(offerOf('stray')),
  ];
  gateway.poolOffers = [offered(offerOf('house/xl'))];
  api = new Api(gateway, (await accountWith(database)).apiKey);
  const inBase64 = async (width: number) => (await png(width, 48)).toString('base64');
  const [image, looks, depth] = [await inBase64(64), await inBase64(72), await inBase64(80)];
  const { id } = await api.uploaded(await plain(88, 48).jpeg().toBuffer());
  pictures = { image, looks, depth, edges: id };
});
beforeEach(() => {
  gateway.submissions.length = 0;
});

const everything = () => ({
  ...{ prompt: 'a lake', model: 'house/xl', steps: 20, guidance: 6, clip_skip: 2, vae: 'vae-ft' },
  sampler: 'DPM++ 2M Karras',
  ...{ quality: 'high', resolution: '2k', pool: 'atlas' },
  loras: [{ model: 'ink', strength: 0.4 }, { model: 'ink-lines' }],
  embeddings: [{ model: 'calm' }],
  image: pictures.image,
  ip_adapters: [{ model: 'looks', image: pictures.looks, strength: 0.3 }],
  controlnet: {
    units: [
      { model: 'depth', image: pictures.depth, preprocessor: 'depth-fine', guidance_end: 0.5 },
      { model: 'depth', image: pictures.edges, strength: 0.6, guidance_start: 0.25 },
    ],
  },
});
const only = () => {
  const [submission, another] = gateway.submissions;
  if (submission === undefined || another !== undefined) throw new Error('not one submission');
  return submission;
};
const faultOf = ({ json }: Answered) => {
  const { status, errors } = problemDocument.parse(json);
  return [status, errors?.[0]?.pointer];
};

describe('a generation with everything that the API knows', () => {
  it('reaches the orchestrator whole: parts in the spec, pictures sealed beside them', async () => {
    const { status } = await api.post('/generate', everything());
    expect(status).toBe(202);
    const { spec, content, needs } = only();
    expect(spec).toMatchObject({
      ...{ model: 'house/xl', steps: 20, guidance: 6, width: 2048, height: 2048, strength: 0.7 },
      ...{ quality: 'high', resolution: '2k', pool: 'atlas' },
    });
    expect(spec.parts).toEqual(parts);
    expect(spec.inputs.map(({ role, width }) => [role, width])).toEqual([
      ...[['image', 64] as const, ['reference', 72] as const],
      ...[['control', 80] as const, ['control', 88] as const],
    ]);
    expect([...needs].sort()).toEqual([
      ...['clip_skip', 'controlnet', 'embeddings', 'ip_adapters', 'loras', 'sampler', 'vae'],
    ]);
    const objects = new SealedObjects(gateway.store);
    for (const [at, { key, digest }] of spec.inputs.entries()) {
      const secret = content.inputs[at];
      expect(secret?.digests).toHaveLength(2);
      expect((await objects.open(key, secret?.dataKey ?? '', digest)).length).toBeGreaterThan(50);
    }
    expect(JSON.stringify(spec)).not.toContain(content.inputs[2]?.dataKey);
  });

  it('is refused, before any picture is looked at, where its model cannot honour it', async () => {
    const broken = { ...everything(), image: 'this is no picture' };
    const refused = await api.post('/generate', { ...broken, loras: [{ model: 'etching' }] });
    expect(faultOf(refused)).toEqual([422, '/loras/0/model']);
    // By default the model is one that honours none of it.
    const unnamed = await api.post('/generate', { ...broken, model: undefined, pool: undefined });
    expect(faultOf(unnamed)).toEqual([422, '/sampler']);
    expect(faultOf(await api.post('/generate', { ...broken, model: 'none' }))).toEqual([
      ...[422, '/model'],
    ]);
    expect(faultOf(await api.post('/generate', broken)).at(-1)).toBe('/image');
    expect(gateway.submissions).toEqual([]);
  });

  it('names the picture that is none', async () => {
    const asked = everything();
    const [unit] = asked.controlnet.units;
    const controlnet = { units: [unit, { model: 'depth', image: 'AAAA' }] };
    expect(faultOf(await api.post('/generate', { ...asked, controlnet })).at(-1)).toBe(
      '/controlnet/units/1/image',
    );
    expect(
      faultOf(
        await api.post('/quotes', { operation: 'generate', request: { ...asked, controlnet } }),
      ).at(-1),
    ).toBe('/request/controlnet/units/1/image');
  });

  it('may be for what only a pool of the account has, by the rules of the catalogue', async () => {
    const { prompt, loras, pool } = everything();
    const own = { prompt, loras, pool, model: 'house/own' };
    expect(faultOf(await api.post('/generate', { ...own, clip_skip: 2 }))).toEqual([
      ...[422, '/clip_skip'],
    ]);
    expect((await api.post('/generate', own)).status).toBe(202);
    expect(only().spec).toMatchObject({ model: 'house/own', pool, parts: { loras: parts.loras } });
    // Without a name it is the pool's default that is held against the catalogue.
    await api.post('/generate', { prompt, pool });
    const { spec } = gateway.submissions.at(-1)!;
    expect(spec).toMatchObject({ model: 'house/xl', pool, steps: 30 });
    expect(faultOf(await api.post('/generate', { prompt, pool, steps: 99 }))[1]).toBe('/steps');
  });

  it('is quoted by the same rules', async () => {
    const request = { ...everything(), loras: [{ model: 'etching' }] };
    const quoted = await api.post('/quotes', { operation: 'generate', request });
    expect(faultOf(quoted)).toEqual([422, '/request/loras/0/model']);
  });
});

describe('a model that is to be withdrawn', () => {
  it('says so in headers and in a warning, until it is refused', async () => {
    const { headers, json } = await api.post('/generate', { prompt: 'a', model: 'house/fifteen' });
    expect(headers.get('deprecation')).toBe('@1780272000');
    expect(headers.get('sunset')).toBe('Thu, 01 Jan 2099 00:00:00 GMT');
    const [warning] = acceptedAnswer.parse(json).meta.warnings ?? [];
    expect(warning).toMatchObject({ code: 'model.deprecated' });
    expect(warning?.message).toContain('house/xl');

    const kept = await api.post('/generate', { prompt: 'a', model: 'house/xl' });
    expect(kept.headers.has('deprecation') || kept.headers.has('sunset')).toBe(false);
    expect(acceptedAnswer.parse(kept.json).meta).not.toHaveProperty('warnings');

    const gone = await api.post('/generate', { prompt: 'a', model: 'house/gone' });
    expect(faultOf(gone)).toEqual([422, '/model']);
    expect(gone.json.detail).toContain('use house/xl in its place');
  });

  it('is refused for edits too', async () => {
    const edit = { prompt: 'a', image: pictures.image, automask: 'subject', model: 'house/gone' };
    expect(faultOf(await api.post('/edit', edit))).toEqual([422, '/model']);
  });
});

describe('the Novita dialect', () => {
  const words = { prompt: 'a lake', width: 512, height: 512 };
  const guided = () => ({
    ...{ ...words, model_name: 'house/xl', sampler_name: 'DPM++ 2M Karras', sd_vae: 'vae-ft' },
    ...{ clip_skip: 2, steps: 20, image_base64: pictures.image },
    loras: [{ model_name: 'ink', strength: 0.4 }],
    embeddings: [{ model_name: 'calm' }],
    ip_adapters: [{ model_name: 'looks', image_base64: pictures.looks, strength: 0.3 }],
    controlnet: { units: [{ model_name: 'depth', image_base64: pictures.depth, strength: 1 }] },
  });
  const img2img = (request: object) => api.post('/../../v3/async/img2img', { request });

  it('passes on what its model honours', async () => {
    const { status, headers } = await img2img(guided());
    expect([status, headers.get('safelight-not-honoured')]).toEqual([200, null]);
    const { spec } = only();
    expect(spec.parts).toEqual({
      ...{ ...parts, loras: parts.loras.slice(0, 1) },
      controls: [{ model: 'depth', strength: 1, start: 0, end: 1 }],
    });
    expect(spec.inputs.map(({ role }) => role)).toEqual(['image', 'reference', 'control']);
  });

  it('leaves out what its model does not honour where that is allowed, unopened', async () => {
    const units = [{ model_name: 'depth', image_base64: 'no picture', strength: 1 }];
    const asked = { ...words, image_base64: pictures.image, model_name: 'of another service' };
    const sent = { ...asked, sampler_name: 'Euler a', controlnet: { units } };
    const { status, headers } = await img2img(sent);
    expect(status).toBe(200);
    expect(headers.get('safelight-not-honoured')).toBe('request.sampler_name, request.controlnet');
    expect(only().spec).not.toHaveProperty('parts');
    expect(only().spec.inputs.map(({ role }) => role)).toEqual(['image']);
    const refused = await img2img({ ...asked, clip_skip: 2 });
    expect(refused.json).toMatchObject({ metadata: { field: '/request/clip_skip' } });
  });

  it('names the field of a part as its clients do', async () => {
    const { json } = await img2img({ ...guided(), loras: [{ model_name: 'etching' }] });
    expect(json).toMatchObject({ code: 400, metadata: { field: '/request/loras/0/model_name' } });
  });
});

describe('the lists of models', () => {
  it('tell what fits what, and until when', async () => {
    const { json } = await api.send('GET', '/models');
    const { data } = modelsAnswer.parse(json);
    const named = (name: string) => data.find((model) => model.name === name);
    expect(named('house/xl')).toMatchObject({
      ...{ base: 'sdxl', state: 'cold', default: false, default_steps: 30, price_class: 'large' },
      ...{ resolutions: ['2k', '4k'], qualities: ['medium', 'high'], deprecated_at: null },
      limits: { min_steps: 10, max_steps: 60, max_images: 4, max_width: 4096, min_width: 512 },
    });
    const fits = (name: string) => named(name)?.parts.map((part) => part.name);
    expect(fits('house/xl')).toEqual(['ink', 'ink-lines', 'calm', 'vae-ft', 'depth', 'looks']);
    expect(fits('house/fifteen')).toEqual(['etching', 'calm']);
    expect(fits('builtin/plain')).toEqual([]);
    expect(named('house/fifteen')).toMatchObject({
      ...{ deprecated_at: '2026-06-01T00:00:00.000Z', sunset_at: '2099-01-01T00:00:00.000Z' },
      successor: 'house/xl',
    });
    // Nobody has said anything of it but its worker.
    expect(named('stray')).toMatchObject({ base: null, description: 'as its worker says' });
  });

  it('are one in the Novita dialect, told apart by type', async () => {
    const list = async (query: string) => {
      const { json } = await api.send('GET', `/../../v3/model${query}`);
      return novitaModels.parse(json).models.map(({ sd_name }) => sd_name);
    };
    expect(await list('?filter.types=lora')).toEqual(['ink', 'ink-lines', 'etching']);
    expect(await list('?filter.types=vae,controlnet')).toEqual(['vae-ft', 'depth']);
    expect(await list('?filter.source=civitai')).toEqual(['ink']);
    expect(await list('?filter.types=checkpoint&filter.is_sdxl=true')).toEqual(['house/xl']);
  });
});
