import { parseArgs } from 'node:util';
import { BuiltinEngine } from '@safelight/gpu-worker/bench';
import { distance, pdqOfPicture, SAME_WITHIN, type Hash } from '@safelight/perceptual-hash';
import { findWatermark, type Pixels, SURE, Watermark } from '@safelight/provenance';
import sharp from 'sharp';
import { credentialsOfEach } from './credentials.js';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';
import { transforms } from './transforms.js';

const SUBJECTS = [
  ...['a lighthouse at dusk', 'a fox in a snowy forest', 'abstract geometry', 'a city at night'],
  ...['a bowl of fruit', 'misty mountains at sunrise', 'a whale in the deep sea', 'a meadow'],
];
const TECHNIQUES = ['oil painting', 'watercolor', 'woodblock print', 'pencil sketch', 'pastel'];
const SIDES = [512, 768, 1024];
const GOAL = 0.95;
const LEAST_QUALITY = 50;

interface Painted {
  readonly id: string;
  readonly plain: Buffer;
  readonly marked: Buffer;
  readonly hash: Hash | undefined;
  readonly psnr: number;
  readonly writtenMs: number;
}
interface Count {
  tried: number;
  read: number;
  alike: number;
}

/**
 * Of pictures that the built-in engine paints: how often watermark and likeness are read after each of the
 * transforms, what the watermark costs in PSNR and milliseconds, and how often either is found in pictures that
 * do not have it; and whether two readers trust the content credentials of every format. Ends with 1 where a goal is missed. Options: `--pictures 60`.
 */
export async function benchProvenance(args: readonly string[]): Promise<void> {
  const options = { pictures: { type: 'string', default: '60' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const random = randomOf(20_261_122);
  const watermark = new Watermark(Buffer.alloc(32, 'a key for a benchmark'));
  const pictures: Painted[] = [];
  // One after another, and when the painters are done: otherwise the times were those of waiting.
  for (const [seed, plain] of (await painted(Number(values.pictures))).entries()) {
    pictures.push(await markedOf(plain, watermark, seed));
  }
  const psnr = pictures.map((picture) => picture.psnr);
  const wrote = pictures.map(({ writtenMs }) => writtenMs);
  say(`\n${pictures.length} pictures with sides of ${SIDES.join(', ')} pixels`);
  say(`PSNR: ${figure(Math.min(...psnr), 1)} dB at least, ${figure(median(psnr), 1)} dB p50`);
  say(
    `written in ${figure(median(wrote))} ms of processor p50, ${figure(quantile(wrote, 0.95))} ms p95\n`,
  );
  const trusted = await credentialsOfEach();
  say();
  const copies = await copiesOf(pictures, watermark, random);
  const strangers = await strangersAmong(pictures, watermark, random);
  if (!copies || !strangers || !trusted || Math.min(...psnr) < 44) process.exitCode = 1;
}

async function painted(count: number): Promise<Buffer[]> {
  const engine = new BuiltinEngine({ slots: 2 });
  try {
    return await Promise.all(
      Array.from({ length: count }, async (_, seed) => {
        const side = SIDES[seed % SIDES.length] ?? 512;
        const subject = SUBJECTS[seed % SUBJECTS.length] ?? '';
        const prompt = `${subject}, ${TECHNIQUES[seed % TECHNIQUES.length] ?? ''}`;
        const asked = {
          operation: 'generate',
          model: 'builtin/atelier',
          negativePrompt: '',
        } as const;
        const how = { width: side, height: side, steps: 12, guidance: 7, format: 'png' } as const;
        const request = { ...asked, ...how, prompt, seed };
        const { bytes } = await engine.run(request, () => undefined, new AbortController().signal);
        return Buffer.from(bytes);
      }),
    );
  } finally {
    await engine.close();
  }
}

async function markedOf(plain: Buffer, watermark: Watermark, seed: number): Promise<Painted> {
  const { data, info } = await sharp(plain)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels: Pixels = { data: Buffer.from(data), ...info, channels: 3 };
  const id = watermark.idOf('bench', seed);
  const before = process.cpuUsage();
  watermark.write(pixels, id);
  const writtenMs = process.cpuUsage(before).user / 1_000;
  const raw = { width: info.width, height: info.height, channels: 3 } as const;
  const marked = await sharp(pixels.data, { raw }).png({ compressionLevel: 1 }).toBuffer();
  return {
    id,
    plain,
    marked,
    hash: await hashOf(marked),
    psnr: psnrOf(data, pixels.data),
    writtenMs,
  };
}

function psnrOf(before: Uint8Array, after: Uint8Array): number {
  let squares = 0;
  for (let at = 0; at < before.length; at++) squares += ((after[at] ?? 0) - (before[at] ?? 0)) ** 2;
  return 10 * Math.log10((255 ** 2 * before.length) / squares);
}

/** @returns whether the goal is met by every transform that it is about */
async function copiesOf(
  pictures: readonly Painted[],
  watermark: Watermark,
  random: () => number,
): Promise<boolean> {
  say(`${'after'.padEnd(30)}${'watermark read'.padEnd(18)}${'looks alike'.padEnd(18)}either`);
  const took: number[] = [];
  let [all, met] = [0, true];
  for (const { name, counts, change } of transforms) {
    const count: Count & { either: number } = { tried: 0, read: 0, alike: 0, either: 0 };
    for (const { id, marked, hash } of pictures) {
      const copy = await change(marked, random);
      const begun = performance.now();
      const found = await findWatermark(copy, watermark);
      took.push(performance.now() - begun);
      const isRead = found.some((candidate) => candidate.id === id);
      const isAlike = hash !== undefined && isNear(hash, await hashOf(copy));
      count.tried += 1;
      count.read += Number(isRead);
      count.alike += Number(isAlike);
      count.either += Number(isRead || isAlike);
    }
    all += count.tried;
    const share = (part: number) => `${figure((100 * part) / count.tried, 1)} %`;
    const columns = [
      share(count.read).padEnd(18),
      share(count.alike).padEnd(18),
      share(count.either),
    ];
    say(`${(counts ? name : `(${name})`).padEnd(30)}${columns.join('')}`);
    if (counts && count.read < GOAL * count.tried) met = false;
  }
  say(
    `\n${all} transforms; read in ${figure(median(took))} ms p50, ${figure(quantile(took, 0.95))} ms p95`,
  );
  say(`${met ? 'Every' : 'Not every'} transform without brackets is read in ${100 * GOAL} %.\n`);
  return met;
}

/** @returns whether nothing was found where nothing is */
async function strangersAmong(
  pictures: readonly Painted[],
  watermark: Watermark,
  random: () => number,
): Promise<boolean> {
  const ids = new Set(pictures.map(({ id }) => id));
  const hashes = pictures.map(({ hash }) => hash);
  let [tried, sure, known, alike, candidates] = [0, 0, 0, 0, 0];
  for (const { change } of transforms) {
    for (const [at, { plain }] of pictures.entries()) {
      const picture = await change(plain, random);
      const found = await findWatermark(picture, watermark);
      const hash = await hashOf(picture);
      tried += 1;
      candidates += found.length;
      sure += Number(found.some(({ strength }) => strength >= SURE));
      known += Number(found.some(({ id }) => ids.has(id)));
      alike += Number(hashes.some((other, of) => of !== at && other && isNear(other, hash)));
    }
  }
  const perPicture = candidates / tried;
  say(`${tried} pictures without a watermark: ${sure} seem to have one, ${known} an id on record.`);
  say(`${alike} of them look like another picture than their own.`);
  // Each candidate is 64 bits that have nothing to do with any record.
  const chance = (perPicture * 1e9) / 2 ** 64;
  say(
    `${figure(perPicture, 2)} ids are looked up for each; with a thousand million outputs on record one is`,
  );
  say(`found by chance in ${chance.toExponential(1)} of pictures.`);
  return sure === 0 && known === 0 && alike === 0;
}

async function hashOf(picture: Buffer): Promise<Hash | undefined> {
  const [pdq] = await pdqOfPicture(picture);
  return pdq && pdq.quality >= LEAST_QUALITY ? pdq.hashes[0] : undefined;
}

const isNear = (a: Hash, b: Hash | undefined): boolean =>
  b !== undefined && distance(a, b) <= SAME_WITHIN;

/** Numbers from 0 to 1 that are the same for the same seed (Tommy Ettinger's mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
