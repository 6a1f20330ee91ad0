import type { ModelOffer } from '@safelight/contracts';
import { Catalogue } from '../catalogue/catalogue.js';
import { catalogueDocument } from '../catalogue/document.js';
import type { Offered } from '../catalogue/offers.js';

const ALL = [
  ...['sampler', 'clip_skip', 'vae', 'loras', 'embeddings'],
  ...['ip_adapters', 'controlnet'],
];
const general = { content_class: 'general', description: 'is for tests' };

/** A small catalogue, as an operator writes it: two bases, and parts for each. */
export const exampleDocument = {
  version: 1,
  models: [
    {
      ...{ name: 'house/xl', ...general, base: 'sdxl', features: ALL, price_class: 'large' },
      operations: ['generate', 'edit'],
      limits: {
        ...{ min_width: 512, max_width: 4096, max_height: 4096, max_pixels: 16_777_216 },
        ...{ min_steps: 10, max_steps: 60, max_images: 4 },
        samplers: ['Euler a', 'DPM++ 2M Karras'],
      },
      defaults: { steps: 30, guidance: 5.5, sampler: 'Euler a', strength: 0.7 },
      resolutions: { '2k': { width: 2048, height: 2048 }, '4k': { width: 4096, height: 4096 } },
      qualities: { medium: { steps: 20 }, high: { steps: 50 } },
    },
    {
      ...{ name: 'house/fifteen', ...general, base: 'sd1.5', features: ALL },
      deprecation: {
        ...{ deprecated_at: '2026-06-01T00:00:00Z', sunset_at: '2099-01-01T00:00:00Z' },
        successor: 'house/xl',
      },
    },
    {
      ...{ name: 'house/gone', ...general, base: 'sd1.5', features: ALL },
      deprecation: {
        ...{ deprecated_at: '2025-01-01T00:00:00Z', sunset_at: '2025-06-01T00:00:00Z' },
        successor: 'house/xl',
      },
    },
    { ...{ name: 'house/own', ...general, base: 'sdxl', features: ['loras', 'vae'] } },
    { ...{ name: 'builtin/plain', ...general, base: 'builtin-plain', features: [] } },
  ],
  parts: [
    part('lora', 'ink', ['sdxl'], { engine_name: 'ink_v3.safetensors', source: 'civitai' }),
    part('lora', 'ink-lines', ['sdxl']),
    part('lora', 'etching', ['sd1.5']),
    part('embedding', 'calm', ['sdxl', 'sd1.5']),
    part('vae', 'vae-ft', ['sdxl'], { engine_name: 'vae-ft.pt' }),
    part('controlnet', 'depth', ['sdxl'], { preprocessors: ['depth', 'depth-fine'] }),
    part('ip_adapter', 'looks', ['sdxl']),
  ],
};

function part(kind: string, name: string, bases: string[], more: object = {}) {
  return { kind, name, bases, ...general, ...more };
}

export const exampleCatalogue = new Catalogue(catalogueDocument.parse(exampleDocument));

/** A model that a worker serves, with an engine that honours everything. */
export const offerOf = (name: string, changes: Partial<ModelOffer> = {}): ModelOffer => ({
  ...{ name, description: 'as its worker says', operations: ['generate', 'edit'] },
  ...{ maxWidth: 8192, maxHeight: 8192, maxInputPixels: 16_000_000, features: ALL },
  ...{ maxSeconds: null, maxFps: null, samplers: null, requires: [], lacks: [], vramBytes: null },
  ...{ defaultSteps: 25, gpuSecondsPerMegapixelStep: 0.1 },
  ...changes,
});

export const offered = (
  offer: ModelOffer,
  changes: Partial<Omit<Offered, 'offer'>> = {},
): Offered => ({ offer, state: 'warm', isDefault: false, ...changes });

/** What the example test's request with every part comes to in a job's spec. */
export const everyPart = {
  ...{ sampler: 'DPM++ 2M Karras', clipSkip: 2, vae: 'vae-ft' },
  loras: [
    { model: 'ink', strength: 0.4 },
    { model: 'ink-lines', strength: 1 },
  ],
  embeddings: [{ model: 'calm' }],
  ipAdapters: [{ model: 'looks', strength: 0.3 }],
  controls: [
    { model: 'depth', strength: 1, preprocessor: 'depth-fine', start: 0, end: 0.5 },
    { model: 'depth', strength: 0.6, start: 0.25, end: 1 },
  ],
  names: { ink: 'ink_v3.safetensors', 'vae-ft': 'vae-ft.pt' },
};
