import { createEgress, type Egress } from '@safelight/egress';
import { databaseServices, startServices } from '../services.js';

/**
 * All services in one process, on servers that the test started: what `npm start` does, migrations
 * and all, with the environment from outside. Ends cleanly on SIGTERM. With MEDIA_PORT the gateway takes a plain server
 * on that port of this machine for https://media.example.com; the product's own program has no such
 * way in.
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

await import('./migrate-all.js');

const port = process.env['MEDIA_PORT'];
const services = await startServices(environments, port === undefined ? {} : { egress: to(port) });
const stop = () => void services.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

function to(port: string): Egress {
  const open = createEgress({
    receivers: [`127.0.0.1:${port}`],
    resolve: async () => ['127.0.0.1'],
  });
  const here = (url: string) =>
    url.replace('https://media.example.com', `http://media.example.com:${port}`);
  return {
    fetch: (url, request) => open.fetch(here(url), request),
    check: (url, request) => open.check(here(url), request),
  };
}
