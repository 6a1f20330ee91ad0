import { asking } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { described } from '../../remote/test/described.js';

export const models = described({}, [
  { name: 'house/true-cfg', guidance: 'true_cfg', operations: ['generate'] },
  { name: 'house/plain', extended: false },
  { name: 'house/alpha', mask: 'transparent' },
  { name: 'house/white', mask: 'white' },
  { name: 'house/url', mask: 'mask_image' },
  { name: 'house/film', operations: ['video'], size_step: 16 },
  { name: 'house/film-json', operations: ['video'], video_body: 'json' },
  { name: 'house/absent', engine_name: 'another' },
]);

export const one = (part: Partial<EngineRequest> = {}): EngineRequest =>
  asking({ model: 'house/one', ...part });
