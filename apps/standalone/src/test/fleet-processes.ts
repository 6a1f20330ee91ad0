import { billingNodeOptions } from '@safelight/billing';
import type { ServiceUrls } from '@safelight/postgres';
import { runToEnd, Supervised } from './supervised.js';

type Processes = (readonly [string, Supervised])[];
type Environment = Record<string, string>;

const apart = [
  ['billing', 'billing'],
  ['billing', 'billing'],
  ['moderation', 'moderation'],
  ['gpu-dispatch', 'dispatch'],
  ['job-orchestrator', 'orchestrator'],
  ['job-orchestrator', 'orchestrator'],
  ['webhook-sender', 'webhooks'],
  ['gpu-worker', 'worker'],
  ['gateway', 'gateway'],
] as const;
const entryOf = (app: string) => `../../../${app}/dist/main.js`;

/** Each service that has a database, once. */
export const withDatabase = apart.filter(
  ([app], at) => app !== 'gpu-worker' && apart.findIndex(([other]) => other === app) === at,
);

/** @param skewMs by how much its clock is wrong, in milliseconds */
export function gatewayEnvironment(port: number, skewMs = 0): Environment {
  const HTTP_PORT = String(port);
  if (skewMs === 0) return { HTTP_PORT };
  const NODE_OPTIONS = `--import ${new URL('./skewed-clock.js', import.meta.url).href}`;
  return { HTTP_PORT, NODE_OPTIONS, CLOCK_SKEW_MS: String(skewMs) };
}

/** Every service in a process of its own, after one process that migrates for all. */
export async function startApart(
  env: Environment,
  urls: Readonly<Record<string, ServiceUrls>>,
  gateways: readonly Environment[],
  entries: Readonly<Record<string, string>>,
): Promise<Processes> {
  const MIGRATION_URLS = each(urls, ({ migrationUrl }) => migrationUrl);
  await runToEnd({ name: 'migrate', entry: './migrate-all.js', env: { MIGRATION_URLS } });
  return apart.flatMap(([app, name]) => {
    const url = urls[name]?.url;
    const own = {
      ...env,
      ...(url !== undefined && { DATABASE_URL: url }),
      ...(app === 'billing' && { NODE_OPTIONS: billingNodeOptions.join(' ') }),
    };
    const entry = entries[name] ?? entryOf(app);
    const each = name === 'gateway' ? gateways : [{}];
    return each.map((more): [string, Supervised] => [
      name,
      new Supervised({ name, entry, env: { ...own, ...more } }),
    ]);
  });
}

/** Everything in one process, which migrates first. */
export function startTogether(
  env: Environment,
  urls: Readonly<Record<string, ServiceUrls>>,
  [gateway]: readonly Environment[],
): Processes {
  const everything = {
    ...{ ...env, ...gateway },
    DATABASE_URLS: each(urls, ({ url }) => url),
    MIGRATION_URLS: each(urls, ({ migrationUrl }) => migrationUrl),
  };
  return [['all', new Supervised({ name: 'all', entry: './together.js', env: everything })]];
}

/** One URL of each service, as JSON. */
const each = (urls: Readonly<Record<string, ServiceUrls>>, of: (urls: ServiceUrls) => string) =>
  JSON.stringify(Object.fromEntries(Object.entries(urls).map(([name, own]) => [name, of(own)])));
