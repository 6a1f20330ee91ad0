import { describe, expect, it } from '@jest/globals';
import { generateRequest } from '@safelight/contracts';
import { Problem } from '../http/problem.js';
import { generateJob } from '../jobs/generate-job.js';
import { exampleCatalogue as catalogue, offerOf } from '../test/catalogue-example.js';
import { fitToModel, type Model } from './fit-to-model.js';

const now = new Date('2026-11-21T00:00:00Z');
const offers = ['house/xl', 'house/fifteen', 'builtin/plain'].map((name) =>
  offerOf(name, name === 'builtin/plain' ? { features: [] } : {}),
);

/** What the request comes to with this model; `at`: where it stands in the body. */
function fitted(name: string, fields: object, model: Partial<Model> = {}, at = '') {
  const body = generateRequest.parse({ prompt: 'a lake', ...fields });
  const offer = offers.find((one) => one.name === name);
  const known = { name, entry: catalogue.model(name), offer, offers, ...model };
  const hasImage = body.image !== undefined;
  return fitToModel({ ...generateJob(body), hasImage }, known, { catalogue, now, at });
}

function faultsOf(...asked: Parameters<typeof fitted>) {
  try {
    fitted(...asked);
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    return (error as Problem).options.errors ?? [];
  }
  throw new Error('nothing was refused');
}

const image = 'AAAA';
const lora = (model: string) => ({ loras: [{ model }] });
const unit = (changes: object) => ({
  controlnet: { units: [{ model: 'depth', image, ...changes }] },
});

describe('a request to a model of the catalogue', () => {
  it.each([
    [
      lora('etching'),
      '/loras/0/model',
      'made for sd1.5, and house/xl is sdxl; choose one that fits it: ink, ink-lines',
    ],
    [lora('inc'), '/loras/0/model', 'is no LoRA here; did you mean ink?'],
    [
      lora('nothing-like-it'),
      '/loras/0/model',
      'is no LoRA here; with house/xl, choose one that fits it: ink',
    ],
    [
      lora('calm'),
      '/loras/0/model',
      'is no LoRA but an embedding; with house/xl, choose one that fits it: ink',
    ],
    [{ loras: [{ model: 'ink' }, { model: 'etching' }] }, '/loras/1/model', 'made for sd1.5'],
    [{ embeddings: [{ model: 'clam' }] }, '/embeddings/0/model', 'did you mean calm?'],
    [{ vae: 'ink' }, '/vae', 'is no VAE but a LoRA'],
    [{ ip_adapters: [{ model: 'look', image }] }, '/ip_adapters/0/model', 'did you mean looks?'],
    [unit({ model: 'canny' }), '/controlnet/units/0/model', 'choose one that fits it: depth'],
    [
      unit({ preprocessor: 'canny' }),
      '/controlnet/units/0/preprocessor',
      'choose one of depth, depth-fine',
    ],
    [{ steps: 9 }, '/steps', 'must be from 10 to 60'],
    [{ steps: 61 }, '/steps', 'must be from 10 to 60'],
    [{ n: 5 }, '/n', 'must be at most 4'],
    [{ width: 504 }, '/width', 'choose from 512 to 4096 pixels'],
    [{ sampler: 'DDIM' }, '/sampler', 'must be one of Euler a, DPM++ 2M Karras'],
    [{ resolution: '8k' }, '/resolution', 'is nothing that house/xl can honour'],
  ])('that it cannot honour is refused by name: %j', (fields, pointer, message) => {
    const [fault] = faultsOf('house/xl', fields);
    expect(fault?.pointer).toBe(pointer);
    expect(fault?.message).toContain(message);
  });

  it('is helped with the first two unknown names, and refused for all', () => {
    const faults = faultsOf('house/xl', {
      loras: ['inc', 'imk', 'unk'].map((model) => ({ model })),
    });
    const hinted = faults.map(({ message }) => message.includes('did you mean ink?'));
    expect(hinted).toEqual([true, true, false]);
  });

  it('is told of all its faults at once, where they stand in the body', () => {
    const asked = { ...lora('etching'), steps: 5, vae: 'nothing' };
    const pointers = faultsOf('house/xl', asked, {}, '/request').map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/request/steps', '/request/vae', '/request/loras/0/model']);
  });

  it('is refused once the model is withdrawn, with the name of its successor', () => {
    const [fault] = faultsOf('house/gone', {});
    expect(fault).toEqual({
      pointer: '/model',
      message: 'was withdrawn: house/gone, on 2025-06-01; use house/xl in its place',
    });
  });

  it('is refused what its engine does not honour, with who does', () => {
    const faults = faultsOf('builtin/plain', { ...lora('ink'), quality: 'high' });
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/loras', '/quality']);
    expect(faults[0]?.message).toContain('house/xl, house/fifteen can');
    expect(faults[1]?.message).toContain('house/xl can');
  });

  it('is refused what the workers with this model say that they do not have', () => {
    const offer = offerOf('house/xl', { parts: ['ink-lines'] });
    const [fault] = faultsOf('house/xl', lora('ink'), { offer });
    expect(fault?.message).toContain('choose one that fits it: ink-lines');
    expect(fitted('house/xl', lora('ink-lines'), { offer }).parts?.loras).toHaveLength(1);
  });

  it('is refused parts where nobody says what base the model has', () => {
    const offer = offerOf('stray');
    const [fault] = faultsOf('stray', lora('ink'), { offer });
    expect(fault).toMatchObject({ pointer: '/loras/0/model' });
    expect(fault?.message).toContain('nobody has said what base stray has');
    expect(fitted('stray', { sampler: 'DDIM' }, { offer }).parts).toEqual({ sampler: 'DDIM' });
  });

  it('gets the model’s own defaults, and keeps what it says itself', () => {
    expect(fitted('house/xl', { image })).toMatchObject({
      ...{ steps: 30, guidance: 5.5, strength: 0.7, parts: { sampler: 'Euler a' } },
    });
    const said = { steps: 12, guidance: 7, image, strength: 0.2, sampler: 'DPM++ 2M Karras' };
    expect(fitted('house/xl', said)).toMatchObject({
      ...{ steps: 12, guidance: 7, strength: 0.2, parts: { sampler: 'DPM++ 2M Karras' } },
    });
    expect(fitted('house/fifteen', {})).toMatchObject({ steps: null, guidance: 7, strength: null });
  });

  it('gets the size and the steps that a resolution and a quality mean', () => {
    const asked = { resolution: '4k', quality: 'high' };
    expect(fitted('house/xl', asked)).toMatchObject({
      ...{ width: 4096, height: 4096, steps: 50, ...asked },
    });
    expect(fitted('house/xl', { ...asked, steps: 11 }).steps).toBe(11);
  });

  it('carries what the engine calls the parts, where that is another name', () => {
    const asked = { ...lora('ink'), vae: 'vae-ft', embeddings: [{ model: 'calm' }] };
    expect(fitted('house/xl', asked).parts?.names).toEqual({
      ...{ ink: 'ink_v3.safetensors', 'vae-ft': 'vae-ft.pt' },
    });
    expect(fitted('house/xl', lora('ink-lines')).parts).not.toHaveProperty('names');
  });
});
