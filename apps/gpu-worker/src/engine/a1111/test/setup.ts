import { asking } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { described } from '../../remote/test/described.js';

export const models = described(
  {},
  [
    { name: 'house/other', engine_name: 'other-model' },
    { name: 'house/distilled', guidance: 'distilled' },
    { name: 'house/large', engine_name: 'R-ESRGAN 4x+', operations: ['upscale'] },
    { name: 'house/absent', engine_name: 'x' },
  ],
  { negative_embeddings: ['easy-negative'] },
);

export const one = (part: Partial<EngineRequest> = {}): EngineRequest =>
  asking({ model: 'house/one', ...part });
