import { billingNodeOptions } from '@safelight/billing';
import { Supervised } from './supervised.js';

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

/** Every service in a process of its own. */
export function startApart(
  env: Environment,
  urls: Environment,
  gateways: readonly Environment[],
  entries: Readonly<Record<string, string>>,
): Processes {
  return apart.flatMap(([app, name]) => {
    const url = urls[name];
    const own = {
      ...env,
      ...(url !== undefined && { DATABASE_URL: url }),
      ...(app === 'billing' && { NODE_OPTIONS: billingNodeOptions.join(' ') }),
    };
    const entry = entries[name] ?? `../../../${app}/dist/main.js`;
    const each = name === 'gateway' ? gateways : [{}];
    return each.map((more): [string, Supervised] => [
      name,
      new Supervised({ name, entry, env: { ...own, ...more } }),
    ]);
  });
}

/** Everything in one process. */
export function startTogether(
  env: Environment,
  urls: Environment,
  [gateway]: readonly Environment[],
): Processes {
  const everything = {
    ...env,
    ...gateway,
    DATABASE_URLS: JSON.stringify(urls),
  };
  return [['all', new Supervised({ name: 'all', entry: './together.js', env: everything })]];
}
