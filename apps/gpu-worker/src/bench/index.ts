/** What the repository's benchmarks need of the worker; no service imports this. */
export { BuiltinEngine } from '../engine/builtin/builtin.engine.js';
