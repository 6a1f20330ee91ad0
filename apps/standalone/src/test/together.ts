import { databaseServices, startServices } from '../services.js';

/**
 * All services in one process, on servers that the test started: what `npm start` does, with the
 * environment from outside. Ends cleanly on SIGTERM.
 */
const urls = JSON.parse(process.env['DATABASE_URLS'] ?? '{}') as Record<string, string>;
const shared = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
);
const environments = Object.fromEntries([
  ['worker', shared] as const,
  ...databaseServices.map(
    ({ name }) => [name, { ...shared, DATABASE_URL: urls[name] ?? '' }] as const,
  ),
]);

const services = await startServices(environments);
const stop = () => void services.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
