import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Corpus } from '@safelight/moderation/bench';
import { activate, corpora, longest, policyV1 } from '@safelight/moderation/bench';
import { benchMatrix } from './moderation-matrix.js';
import { benchPresence } from './moderation-presence.js';
import { probeWords } from './moderation-probe.js';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';

type Screen = Pick<ReturnType<typeof activate>['screen'], 'screen'>;

/**
 * What rule-written evasions come through and what harmless prompts are refused; then what screening of
 * words costs, by kind of prompt: p50 and p99 on a screen that remembers the words of the corpus, and on
 * one that begins the corpus with no word seen; CPU of the former, the mean.
 * Then pictures: the matrix of combinations, and who is noticed in photos.
 * Options: `--rounds 10`, `--share 0.1` of the evasions and of the photos' changes, `--seed 1`,
 * `--misses FILE`, `--photos FOLDER` with further benign photos of people, and `--only` one of `probe`,
 * `latency`, `matrix` and `presence`.
 */
export async function benchModeration(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '10' },
      share: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      misses: { type: 'string' },
      photos: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const { seed, misses, photos, only } = values;
  const [share, wants] = [Number(values.share), (part: string) => (only ?? part) === part];
  if (wants('probe')) probeWords({ share, seed: Number(seed), misses });
  if (wants('latency')) benchLatency(Number(values.rounds));
  if (wants('matrix')) benchMatrix();
  if (wants('presence')) await benchPresence({ share, seed: Number(seed), photos });
}

function benchLatency(rounds: number): void {
  say(
    `\nmilliseconds to screen one request, ${rounds} rounds; long is ${figure(longest)} characters\n`,
  );
  say(
    `${''.padEnd(36)}${'p50 / p99, words seen'.padEnd(24)}${'words not seen'.padEnd(24)}${'… best of 5 each'.padEnd(24)}CPU`,
  );
  const all = corpora();
  // The compiler of the runtime needs some thousand requests of all kinds.
  for (const { requests } of all) roundOf(fresh(), requests);
  for (const corpus of all) report(corpus, rounds);
}

/** What building it leaves behind is collected first: a service builds its policy once, at boot. */
function fresh(): Screen {
  const { screen } = activate(policyV1, { namedPeople: [], knownImages: new Set() });
  collect();
  return screen;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function report({ name, requests }: Corpus, rounds: number): void {
  const known = fresh();
  roundOf(known, requests);
  const cpu = process.cpuUsage();
  const seen = Array.from({ length: rounds }, () => roundOf(known, requests)).flat();
  const { user, system } = process.cpuUsage(cpu);
  const unseen = Array.from({ length: Math.min(rounds, unseenRounds) }, () => {
    const screen = fresh();
    return requests.map((request) => timeOf(screen, request));
  });
  const undisturbed = requests.map((_, at) =>
    Math.min(...unseen.map((round) => round[at] ?? Infinity)),
  );
  const both = (times: readonly number[]) =>
    `${figure(median(times), 2)} / ${figure(quantile(times, 0.99), 2)}`.padEnd(24);
  const each = (user + system) / 1_000 / seen.length;
  say(
    `${name.padEnd(36)}${both(seen)}${both(unseen.flat())}${both(undisturbed)}${figure(each, 3)}`,
  );
}

/** A request's best of so many leaves out what other processes took. */
const unseenRounds = 5;

const roundOf = (screen: Screen, requests: Corpus['requests']): number[] =>
  requests.map((request) => timeOf(screen, request));

function timeOf(screen: Screen, request: Corpus['requests'][number]): number {
  const begun = performance.now();
  screen.screen(request);
  return performance.now() - begun;
}
