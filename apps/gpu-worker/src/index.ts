export { createTestAuthorityFile } from '@safelight/provenance';
export { createKey as createWatermarkKey } from '@safelight/config';
export { comfyuiEngine } from './engine/comfyui/comfyui.engine.js';
export { workerService } from './service.js';
