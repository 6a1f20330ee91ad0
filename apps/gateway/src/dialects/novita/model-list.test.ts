import { describe, expect, it } from '@jest/globals';
import { type ModelResource, novitaModelQuery, novitaModels } from '@safelight/contracts';
import type { CataloguePart } from '../../catalogue/document.js';
import { listAsked } from './model-list.js';

const model = (name: string, operations: string[]): ModelResource => ({
  ...{ name, operations, description: `draws as ${name}`, default: false, state: 'warm' },
  base: name === 'house/painter' ? 'sdxl' : null,
  ...{ features: [], resolutions: [], qualities: [], parts: [], default_steps: 20 },
  limits: {
    ...{ min_width: 64, min_height: 64, max_width: 2048, max_height: 2048, max_pixels: null },
    ...{ min_steps: 1, max_steps: 100, max_images: 8, samplers: null },
  },
  defaults: { guidance: null, sampler: null, strength: null },
  ...{ content_class: null, price_class: null, licence: null },
  ...{ deprecated_at: null, sunset_at: null, successor: null },
  price: { credits: '1', width: 1024, height: 1024, steps: 20, version: 'one' },
});
const part = (kind: CataloguePart['kind'], name: string): CataloguePart => ({
  ...{ kind, name, description: `helps as ${name}`, bases: ['sdxl'], content_class: 'general' },
  ...{ licence: null, source: 'civitai', sha256: null, vram_bytes: null, engine_name: null },
  preprocessors: [],
});
const parts = [part('lora', 'ink'), part('embedding', 'calm'), part('ip_adapter', 'looks')];
const offered = [
  model('house/painter', ['generate', 'edit']),
  model('house/sketch', ['generate']),
  model('house/large', ['upscale']),
];
const list = (query: Record<string, string>) => {
  const answer = novitaModels.parse(
    listAsked({ models: offered, parts }, novitaModelQuery.parse(query)),
  );
  return {
    names: answer.models.map(({ sd_name }) => sd_name),
    next: answer.pagination.next_cursor,
  };
};

describe('the list of models', () => {
  it('goes on where its cursor says, to the end', () => {
    const first = list({ 'pagination.limit': '2', 'pagination.cursor': 'c_0' });
    expect(first).toEqual({ names: ['house/painter', 'house/sketch'], next: 'c_2' });
    const last = list({ 'pagination.limit': '2', 'pagination.cursor': first.next });
    expect(last).toEqual({ names: ['house/large', 'ink'], next: 'c_4' });
    expect(list({ 'pagination.cursor': 'c_999999999' })).toEqual({ names: [], next: '' });
  });

  it.each([
    [{}, 5],
    [{ 'filter.visibility': 'public' }, 5],
    [{ 'filter.visibility': 'private' }, 0],
    [{ 'filter.source': 'civitai' }, 2],
    [{ 'filter.source': 'training' }, 0],
    [{ 'filter.types': 'lora' }, 1],
    [{ 'filter.types': 'textualinversion,vae' }, 1],
    [{ 'filter.types': 'controlnet' }, 0],
    [{ 'filter.types': 'checkpoint' }, 2],
    [{ 'filter.types': 'upscaler,lora' }, 2],
    [{ 'filter.is_inpainting': 'true' }, 1],
    [{ 'filter.is_sdxl': 'true' }, 3],
    [{ 'filter.is_sdxl': 'false' }, 2],
    [{ 'filter.query': 'SKETCH' }, 1],
  ])('is filtered by %j', (query, count) => {
    expect(list(query).names).toHaveLength(count);
  });

  it.each([
    ['a type that there is not', { 'filter.types': 'checkpoint,motion' }],
    ['a page of nothing', { 'pagination.limit': '0' }],
    ['a page that is too long', { 'pagination.limit': '101' }],
    ['a cursor of something else', { 'pagination.cursor': 'eyJhIjoxfQ' }],
    ['an unknown filter', { 'filter.colour': 'red' }],
  ])('refuses %s', (_, query) => {
    expect(novitaModelQuery.safeParse(query).success).toBe(false);
  });
});
