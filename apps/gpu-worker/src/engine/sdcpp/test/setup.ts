import { asking } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { described } from '../../remote/test/described.js';

export const models = described({ operations: ['generate', 'edit', 'video'], max_width: 9_000 }, [
  { name: 'house/guided', control_net: 'canny-net', ip_adapter: 'looks', guidance: 'distilled' },
  { name: 'house/fine', size_step: 8, operations: ['generate'] },
  { name: 'house/absent', engine_name: 'another' },
]);

export const one = (part: Partial<EngineRequest> = {}): EngineRequest =>
  asking({ model: 'house/one', ...part });
