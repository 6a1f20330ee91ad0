export { ConfigError } from './config-error.js';
export { createKey, readKeyFile } from './key-file.js';
export { readConfig } from './read-config.js';
export type { Environment } from './read-config.js';
export { serviceVariables, variable } from './service-variables.js';
