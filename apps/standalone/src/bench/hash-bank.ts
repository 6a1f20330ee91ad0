import { randomFillSync } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  type Hash,
  NearIndex,
  nearTables,
  pdqOf,
  SAME_WITHIN,
  WORDS,
  wordsFor,
} from '@safelight/perceptual-hash';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';

const ORIENTATIONS = 8;
const BITS = 256;
const SIDE = 512;
const MIB = 2 ** 20;

/**
 * A bank of known hashes: how long its tables take to make, its memory, and milliseconds for the
 * hashes near one: among strangers (which nearly every picture is), and for copies with up to 31
 * bits changed, all of which have to be found; a whole picture asks for its eight orientations; a
 * scan of all hashes for comparison; and PDQ of a picture of 512×512 by itself. Options: `--hashes
 * 1000000`, `--queries 2000`.
 */
export function benchHashBank(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hashes: { type: 'string', default: '1000000' },
      queries: { type: 'string', default: '2000' },
    },
  });
  const [count, queries] = [Number(values.hashes), Number(values.queries)];
  const words = wordsFor(count);
  randomWords(words);
  const begun = performance.now();
  const index = new NearIndex(nearTables(words));
  const took = performance.now() - begun;
  say(`\n${count} hashes of PDQ: ${figure(index.bytes / MIB)} MiB, made in ${figure(took)} ms\n`);
  say(`${'milliseconds'.padEnd(40)}${'p50'.padEnd(10)}${'p99'.padEnd(10)}CPU`);
  // The compiler of the runtime needs some hundred of each.
  for (let at = 0; at < 300; at++) index.near(stranger());
  report('a hash among strangers', queries, stranger, (hash) => index.near(hash));
  const picture = () => Array.from({ length: ORIENTATIONS }, stranger);
  report('a picture, in eight orientations', queries, picture, (all) =>
    all.map((hash) => index.near(hash)),
  );
  let missed = 0;
  const copies = () => copyOf(words, count);
  report('a copy, up to 31 bits changed', queries, copies, ({ at, hash }) => {
    if (!index.near(hash).some((near) => near.at === at)) missed += 1;
  });
  report('a hash, by a scan of all', Math.min(queries, 50), stranger, (hash) => index.scan(hash));
  const luminance = () => ({
    ...{ width: SIDE, height: SIDE },
    values: Float32Array.from({ length: SIDE * SIDE }, () => Math.random() * 255),
  });
  report('PDQ of 512×512 in eight orientations', 30, luminance, pdqOf);
  say(`\n${missed} of ${queries} copies were missed`);
  if (missed > 0) process.exitCode = 1;
  return Promise.resolve();
}

const randomWords = (words: Uint32Array): void => {
  const bytes = Buffer.alloc(words.byteLength);
  randomFillSync(bytes);
  words.set(new Uint32Array(bytes.buffer, bytes.byteOffset, words.length));
};

function stranger(): Hash {
  const hash = new Uint32Array(WORDS);
  randomWords(hash);
  return hash;
}

function copyOf(words: Uint32Array, count: number): { at: number; hash: Hash } {
  const at = Math.floor(Math.random() * count);
  const hash = words.slice(at * WORDS, (at + 1) * WORDS);
  for (let changed = 0; changed < SAME_WITHIN; changed++) {
    const bit = Math.floor(Math.random() * BITS);
    hash[bit >> 5] = (hash[bit >> 5] ?? 0) ^ (1 << (bit & 31));
  }
  return { at, hash };
}

function report<Asked>(
  what: string,
  times: number,
  made: () => Asked,
  ask: (asked: Asked) => unknown,
): void {
  const all = Array.from({ length: times }, made);
  const cpu = process.cpuUsage();
  const took = all.map((asked) => {
    const begun = performance.now();
    ask(asked);
    return performance.now() - begun;
  });
  const { user, system } = process.cpuUsage(cpu);
  const [middle, most] = [figure(median(took), 2), figure(quantile(took, 0.99), 2)];
  const each = figure((user + system) / 1_000 / times, 3);
  say(`${what.padEnd(40)}${middle.padEnd(10)}${most.padEnd(10)}${each}`);
}
