import { parseArgs } from 'node:util';
import type { Corpus } from '@safelight/moderation/bench';
import { activate, corpora, longest, policyV1 } from '@safelight/moderation/bench';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';

type Screen = Pick<ReturnType<typeof activate>['screen'], 'screen'>;

/**
 * What screening of words costs, by kind of prompt: p50 and p99 on a screen that remembers the words of
 * the corpus, and on one that begins the corpus with no word seen; CPU of the former, the mean.
 * Option: `--rounds 10`.
 */
export function benchModeration(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '10' } },
  });
  const rounds = Number(values.rounds);
  say(
    `\nmilliseconds to screen one request, ${rounds} rounds; long is ${figure(longest)} characters\n`,
  );
  say(`${''.padEnd(36)}${'p50 / p99, words seen'.padEnd(24)}${'words not seen'.padEnd(24)}CPU`);
  const all = corpora();
  // The compiler of the runtime needs some thousand requests of all kinds.
  for (const { requests } of all) roundOf(fresh(), requests);
  for (const corpus of all) report(corpus, rounds);
  return Promise.resolve();
}

const fresh = (): Screen => activate(policyV1, { namedPeople: [], knownImages: new Set() }).screen;

function report({ name, requests }: Corpus, rounds: number): void {
  const known = fresh();
  roundOf(known, requests);
  const cpu = process.cpuUsage();
  const seen = Array.from({ length: rounds }, () => roundOf(known, requests)).flat();
  const { user, system } = process.cpuUsage(cpu);
  const unseen = Array.from({ length: Math.min(rounds, 3) }, () => {
    const screen = fresh();
    return requests.map((request) => timeOf(screen, request));
  }).flat();
  const both = (times: readonly number[]) =>
    `${figure(median(times), 2)} / ${figure(quantile(times, 0.99), 2)}`.padEnd(24);
  const each = (user + system) / 1_000 / seen.length;
  say(`${name.padEnd(36)}${both(seen)}${both(unseen)}${figure(each, 3)}`);
}

const roundOf = (screen: Screen, requests: Corpus['requests']): number[] =>
  requests.map((request) => timeOf(screen, request));

function timeOf(screen: Screen, request: Corpus['requests'][number]): number {
  const begun = performance.now();
  screen.screen(request);
  return performance.now() - begun;
}
