import { describe } from '@jest/globals';
import { weightlessGraphs } from './weightless-graphs.js';

const url = process.env['COMFYUI_URL'];

(url === undefined ? describe.skip : describe)('a real ComfyUI, at COMFYUI_URL', () => {
  weightlessGraphs(async () => ({ url: url ?? '', close: async () => undefined }));
});
