import { deploy } from './deployment.js';
import { localAccount } from './account.js';
import { Home } from './home.js';
import type { Options } from './options.js';
import { readOptions } from './options.js';
import { choosePort } from './port.js';
import { databaseServices } from './services.js';
import { tour } from './tour/tour.js';

const PREFERRED_PORT = 8080;
const say = (line = '') => process.stdout.write(`${line}\n`);

/** Resolves at the first Ctrl-C or SIGTERM. */
const askedToStop = new Promise<void>((resolve) => {
  process.once('SIGINT', () => resolve());
  process.once('SIGTERM', () => resolve());
});

async function run(options: Options): Promise<void> {
  const home = await Home.open(
    options.home,
    databaseServices.map(({ name }) => name),
  );
  try {
    await runIn(home, options);
  } finally {
    await home.close();
  }
}

async function runIn(home: Home, options: Options): Promise<void> {
  const started = performance.now();
  const deployment = await deploy(home, await choosePort(PREFERRED_PORT), (step) =>
    say(`  starting  ${step}`),
  );
  try {
    const { url } = deployment.gateway;
    const account = await localAccount(home, deployment.natsUrl, deployment.gateway.telemetry);
    await home.writePrivate('env', `SAFELIGHT_URL=${url}\nSAFELIGHT_API_KEY=${account.apiKey}\n`);
    say(`  ready     ${url} after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    say(`  Account   ${account.accountId}\n  API key   ${account.apiKey}\n`);
    const work = tour(
      { url, apiKey: account.apiKey, prompt: options.prompt, pictures: home.path('pictures') },
      process.stdout,
    );
    await Promise.race([work, askedToStop]);
    if (!options.once) await keepServing(url, home);
  } finally {
    say('\n  stopping');
    await deployment.close();
  }
}

async function keepServing(url: string, home: Home): Promise<void> {
  say(`
  Go on with curl (the key and the URL are also in ${home.path('env')}):

    . ${home.path('env')}
    curl -s ${url}/api/v1/generate -H "authorization: Bearer $SAFELIGHT_API_KEY" \\
      -H 'content-type: application/json' -d '{"prompt": "a teapot on a blue table, oil painting"}'
    curl -s ${url}/api/v1/jobs -H "authorization: Bearer $SAFELIGHT_API_KEY"
    curl -s ${url}/api/v1/account -H "authorization: Bearer $SAFELIGHT_API_KEY"

  Serving until Ctrl-C.`);
  await askedToStop;
}

try {
  await run(readOptions(process.argv.slice(2), process.cwd()));
} catch (error) {
  process.stderr.write(
    `\nSafelight could not go on: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
