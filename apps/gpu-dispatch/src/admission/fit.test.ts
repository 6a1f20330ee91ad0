import { describe, expect, it } from '@jest/globals';
import { modelOffer, type ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { offersFor, type Demand } from './fit.js';

const offer = (name: string, more: Partial<ModelOffer> = {}): ModelOffer =>
  modelOffer.parse({
    ...{ name, description: '', operations: ['generate'], maxWidth: 1_024, maxHeight: 768 },
    ...{ defaultSteps: 20, gpuSecondsPerMegapixelStep: 0.1, ...more },
  });
const plain = offer('plain');
const able = offer('able', {
  operations: ['generate', 'edit', 'upscale'],
  features: ['sampler'],
  maxInputPixels: 1_048_576,
});
const films = offer('films', { operations: ['video'], maxSeconds: 10, maxFps: 30 });
const offers = [plain, able];
type Asked = Partial<Demand['spec']>;
const demand = (spec: Asked = {}, needs: readonly string[] = []): Demand => ({
  spec: {
    ...{ operation: 'generate', model: null, width: 512, height: 512, inputs: [], scale: null },
    ...{ seconds: null, fps: null },
    ...spec,
  },
  needs,
});
const image = (width = 512, height = 512) => ({
  ...{ role: 'image' as const, key: 'k', digest: '0'.repeat(64), mediaType: 'image/png' as const },
  ...{ width, height },
});
const chosen = (spec?: Asked, needs?: readonly string[], preferred?: string) =>
  offersFor(offers, demand(spec, needs), preferred)[0].name;
function refusal(spec: Asked, needs: readonly string[] = [], among = offers) {
  try {
    offersFor(among, demand(spec, needs), undefined);
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.details];
  }
  throw new Error('nothing was refused');
}

describe('the choice of a model', () => {
  it('is the customer’s, then the deployment’s, then the first that does the operation', () => {
    expect(chosen({ model: 'able' })).toBe('able');
    expect(chosen({}, [], 'able')).toBe('able');
    expect(chosen()).toBe('plain');
    expect(chosen({ operation: 'edit', inputs: [image()] }, [], 'plain')).toBe('able');
  });

  it('refuses what an engine could only refuse later, and says who would not', () => {
    const flow = offer('flow', {
      ...{ operations: ['generate', 'edit'], features: ['sampler'], samplers: ['Euler'] },
      ...{ requires: ['image'], lacks: ['automask', 'negative_prompt'] },
    });
    const among = [flow, plain, able];
    const edit: Asked = { model: 'flow', operation: 'edit', inputs: [image()] };
    const said = (spec: Asked, needs?: string[]) =>
      refusal({ model: 'flow', ...spec }, needs, among);
    expect(said({})).toEqual([
      'model.needs',
      { model: 'flow', field: 'image', models: ['plain', 'able'] },
    ]);
    expect(said({ ...edit, automask: 'subject' })[1]).toMatchObject({ field: 'automask' });
    const negative = said(edit, ['negative_prompt']);
    expect(negative[1]).toMatchObject({ field: 'negative_prompt', models: ['plain', 'able'] });
    const [code, details] = said({ ...edit, parts: { sampler: 'PLMS' } }, ['sampler']);
    expect([code, details]).toMatchObject([
      'model.cannot',
      { field: 'sampler', choices: ['Euler'], models: ['able'] },
    ]);
    const fine = demand({ ...edit, parts: { sampler: 'Euler' } }, ['sampler']);
    expect(offersFor(among, fine, undefined)).toEqual([flow]);
    // Whoever names no model gets none that needs a picture, be it the default.
    expect(offersFor(among, demand(), 'flow')[0].name).toBe('plain');
    expect(offersFor(among, demand({}, ['negative_prompt']), undefined)[0].name).toBe('plain');
  });

  it('is made in the pools that can do it', () => {
    const [small, large] = [offer('m', { maxWidth: 512 }), offer('m', { features: ['sampler'] })];
    const among = [plain, small, large];
    const found = (spec: Asked, needs: string[] = []) =>
      offersFor(among, demand({ model: 'm', ...spec }, needs), undefined);
    expect(found({})).toEqual([small, large]);
    expect(found({ width: 1_024 })).toEqual([large]);
    expect(found({}, ['sampler'])).toEqual([large]);
    expect(refusal({ model: 'm', width: 2_000 }, [], among)[1]).toMatchObject({ limit: 512 });
    expect(refusal({ model: 'x' }, [], among)[1]).toMatchObject({ models: ['plain', 'm'] });
  });

  it('names what is on offer where a name is wrong', () => {
    const models = ['plain', 'able'];
    expect(refusal({ model: 'x' })).toEqual(['model.unknown', { model: 'x', models, test: false }]);
  });

  it('says what is served where nobody does the operation', () => {
    const operations = ['generate', 'edit', 'upscale'];
    expect(refusal({ operation: 'video' })).toEqual([
      'operation.unserved',
      { operation: 'video', operations },
    ]);
  });

  it.each<[Asked, string[], string, string[]]>([
    [{ model: 'plain', operation: 'upscale', scale: 2 }, [], 'model', ['able']],
    [{ model: 'plain', operation: 'video' }, [], 'model', []],
    [{ model: 'plain', inputs: [image()] }, [], 'image', ['able']],
    [{ model: 'plain' }, ['sampler'], 'sampler', ['able']],
    [{ model: 'able' }, ['sampler', 'loras'], 'loras', []],
  ])('says who could, if anybody: %j %j', (spec, needs, field, models) => {
    const [code, details] = refusal(spec, needs);
    expect(code).toBe('model.cannot');
    expect(details).toMatchObject({ field, models });
  });

  it('holds a video to the length and pace that its model makes', () => {
    const asked = (spec: Asked) => refusal({ operation: 'video', ...spec }, [], [films]);
    const [code, details] = asked({ seconds: 10.5, fps: 30 });
    expect([code, details]).toMatchObject(['model.unsupported', { field: 'seconds', limit: 10 }]);
    expect(asked({ seconds: 10, fps: 31 })[1]).toMatchObject({ field: 'fps', limit: 30 });
    const fits = demand({ operation: 'video', seconds: 10, fps: 30 });
    expect(offersFor([films], fits, undefined)[0].name).toBe('films');
    const unlimited = offer('any', { operations: ['video'] });
    const long = demand({ operation: 'video', seconds: 60, fps: 60 });
    expect(offersFor([unlimited], long, undefined)[0].name).toBe('any');
  });

  it.each<[Asked, string, unknown]>([
    [{ width: 1_088 }, 'width', 1_024],
    [{ height: 1_024 }, 'height', 768],
    [{ model: 'able', inputs: [image(1_025, 1_024)] }, 'image', '1048576 pixels'],
    [
      { operation: 'upscale', scale: 4, width: 1_028, height: 400, inputs: [image(257, 100)] },
      'image',
      '256 x 192 pixels at a scale of 4',
    ],
  ])('names the limit that is passed: %j', (spec, field, limit) => {
    const [code, details] = refusal(spec);
    expect(code).toBe('model.unsupported');
    expect(details).toMatchObject({ field, limit });
  });

  it('takes pictures that only guide for nothing to begin with', () => {
    const guide = { ...image(1_000, 800), role: 'control' as const };
    const asked = { width: 1_000, height: 800, inputs: [guide] };
    expect(chosen({ model: 'plain', inputs: [{ ...guide, width: 64 }] })).toBe('plain');
    expect(refusal({ ...asked, model: 'able' })[1]).toMatchObject({ field: 'height', limit: 768 });
    const large = { ...guide, width: 2_000 };
    expect(refusal({ model: 'able', inputs: [large] })[1]).toMatchObject({ field: 'controlnet' });
  });

  it('speaks of the image where the result is as large as that', () => {
    const inputs = [image(1_000, 800)];
    const edit = { operation: 'edit', width: 1_000, height: 800, inputs } as const;
    expect(refusal(edit)[1]).toMatchObject({ field: 'image', limit: '1024 x 768 pixels' });
  });
});
