/**
 * Three tiers, all on compiled output: `unit` needs nothing, `int` a real PostgreSQL, NATS or files,
 * `e2e` the whole product. `live` is for engines that somebody runs, where an address is given.
 */
const project = (displayName, ending, ignored) => ({
  displayName,
  roots: ['<rootDir>/apps', '<rootDir>/packages'],
  testMatch: [`<rootDir>/{apps,packages}/*/dist/**/*${ending}`],
  testPathIgnorePatterns: ['/node_modules/', ...ignored],
  testEnvironment: 'node',
  // What tsc emitted is what runs: no second compiler.
  transform: {},
  injectGlobals: false,
});

/** @type {import('jest').Config} */
export default {
  // For a tier run by itself; Jest reads no timeout from a project. scripts/test.mjs sets each tier's.
  testTimeout: 90_000,
  testSequencer: '<rootDir>/scripts/long-first.mjs',
  projects: [
    project('unit', '.test.js', ['\\.(int|e2e|live)\\.test\\.js$']),
    project('int', '.int.test.js', []),
    project('e2e', '.e2e.test.js', []),
    project('live', '.live.test.js', []),
  ],
};
