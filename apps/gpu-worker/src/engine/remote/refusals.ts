import { EngineError } from '../engine.js';

/** What no worker would do better: the request itself cannot be served as it is. */
export const invalid = (message: string): EngineError =>
  new EngineError('engine.request_invalid', message);

/** Nothing to be had here; another worker may have the file. */
export const missing = (message: string): EngineError =>
  new EngineError('engine.model_missing', message);
