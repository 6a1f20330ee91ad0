import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  mosaics,
  type Photo,
  photosOfPeople,
  PictureModels,
  type PictureSignals,
  type PictureTransform,
  RISE,
  things,
  transforms,
} from '@safelight/moderation/bench';
import sharp from 'sharp';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';

export interface PresenceOptions {
  /** Of all pairs of a photo and a transform; 1 for all. */
  readonly share: number;
  readonly seed: number;
  /** Folder with further benign photos of people. */
  readonly photos: string | undefined;
}

interface Looked {
  readonly photo: string;
  readonly transform: string;
  readonly signals: PictureSignals;
}

const silent = { info: () => undefined, error: () => undefined } as never;
const patience = { ms: 120_000, waiting: 8 };
const ofEachKind = 20;
const timed = 30;

/**
 * Who is noticed in benign photos of adults, turned and spoilt in twenty ways; what is a mosaic; what is
 * taken for a person where there is none; and what a look costs.
 */
export async function benchPresence({ share, seed, photos }: PresenceOptions): Promise<void> {
  const models = new PictureModels(silent, patience);
  try {
    const people = await photosOfPeople(photos === undefined ? [] : filesIn(photos));
    say(`\n${figure(people.length)} photos of adults, ${figure(transforms.length)} transforms`);
    const looked = await lookAt(models, chosen(people, transforms, share, seed));
    reportPresence(looked);
    await reportTightening(models, people, looked);
    const hidden = await lookAt(models, chosen(people, mosaics, share, seed));
    reportShare('mosaics held back (goal 100 %)', hidden, ({ mosaic }) => mosaic);
    byTransform(hidden, ({ mosaic }) => mosaic);
    await reportThings(models, seed, share);
    await reportLatency(models, people);
  } finally {
    await models.close();
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|webp)$/.test(name))
    .map((name) => join(folder, name));

type Pair = readonly [Photo, PictureTransform];

/** Every n-th photo of each transform, of each another: all photos and all transforms are among them. */
function chosen(
  people: readonly Photo[],
  changes: readonly PictureTransform[],
  share: number,
  seed: number,
): Pair[] {
  const step = Math.max(1, Math.round(1 / share));
  return changes.flatMap((change, number) =>
    people
      .filter((_, at) => (at + number + seed) % step === 0)
      .map((photo): Pair => [photo, change]),
  );
}

async function lookAt(models: PictureModels, pairs: readonly Pair[]): Promise<Looked[]> {
  const all: Looked[] = [];
  for (const [photo, transform] of pairs) {
    const signals = await models.look(await transform.of(photo.png), 'input');
    all.push({ photo: photo.name, transform: transform.name, signals });
  }
  return all;
}

const isNoticed = ({ person }: PictureSignals) => person !== 'none';

function reportPresence(looked: readonly Looked[]): void {
  reportShare('noticed: possible or certain (goal 99 %)', looked, isNoticed);
  reportShare('  of these, certain', looked, ({ person }) => person === 'certain');
  byTransform(looked, isNoticed);
  const missed = looked.filter(({ signals }) => !isNoticed(signals));
  for (const { photo, transform } of missed.slice(0, 30)) say(`  missed: ${photo}, ${transform}`);
}

/** What adults are taken for, and what harmless changes would be refused as: both ought to be nothing. */
async function reportTightening(
  models: PictureModels,
  people: readonly Photo[],
  looked: readonly Looked[],
): Promise<void> {
  reportShare('adults taken for somebody under age', looked, ({ lowAge }) => lowAge);
  reportShare('taken for a mosaic', looked, ({ mosaic }) => mosaic);
  const before = new Map<string, number>();
  const risen: Looked[] = [];
  for (const one of looked) {
    const photo = people.find(({ name }) => name === one.photo);
    const change = transforms.find(({ name }) => name === one.transform);
    if (!photo || !change) continue;
    const was = before.get(photo.name) ?? scoreOf((await models.look(photo.png, 'input')).mostNude);
    before.set(photo.name, was);
    const { nudity } = await models.look(await change.of(photo.png), 'output');
    if (scoreOf(nudity) - was > RISE) risen.push(one);
  }
  reportShare('harmless changes that rise in nudity', looked, (signals) =>
    risen.some((one) => one.signals === signals),
  );
  for (const name of new Set(risen.map(({ transform }) => transform))) {
    say(`    ${name}: ${figure(risen.filter(({ transform }) => transform === name).length)}`);
  }
  reportShare('photos above 0.5 in nudity, any change', looked, (one) => scoreOf(one.nudity) > 0.5);
  reportShare('photos above 0.95 explicit', looked, ({ nudity }) => nudity.explicit >= 0.95);
}

const scoreOf = ({ explicit, suggestive }: PictureSignals['nudity']): number =>
  explicit + suggestive;

async function reportThings(models: PictureModels, seed: number, share: number): Promise<void> {
  const drawn = await things(Math.max(2, Math.round(ofEachKind * share)), String(seed));
  const looked: Looked[] = [];
  for (const { kind, png } of drawn) {
    looked.push({ photo: kind, transform: kind, signals: await models.look(png, 'input') });
  }
  reportShare(
    'things and scenes taken for a certain person (goal 2 %)',
    looked,
    ({ person }) => person === 'certain',
  );
  reportShare('  for a possible one', looked, ({ person }) => person === 'possible');
  reportShare('  for a mosaic', looked, ({ mosaic }) => mosaic);
  byTransform(looked, isNoticed);
}

function reportShare(
  title: string,
  looked: readonly Looked[],
  counts: (signals: PictureSignals) => boolean,
): void {
  const hit = looked.filter(({ signals }) => counts(signals)).length;
  const percent = `${figure((hit / looked.length) * 100, 1)} %`;
  say(`${title.padEnd(58)}${percent.padStart(8)}  ${figure(hit)} of ${figure(looked.length)}`);
}

function byTransform(
  looked: readonly Looked[],
  counts: (signals: PictureSignals) => boolean,
): void {
  for (const name of new Set(looked.map(({ transform }) => transform))) {
    const of = looked.filter(({ transform }) => transform === name);
    if (of.every(({ signals }) => counts(signals))) continue;
    reportShare(`    ${name}`, of, counts);
  }
}

/** At 1,024 pixels a side, as PNG, one after the other: the thread's own time and the way there. */
async function reportLatency(models: PictureModels, people: readonly Photo[]): Promise<void> {
  const pictures = await Promise.all(
    people
      .slice(0, timed)
      .map(({ png }) => sharp(png).resize(1024, 1024, { fit: 'fill' }).png().toBuffer()),
  );
  for (const question of ['input', 'output'] as const) {
    const times: number[] = [];
    const cpu = process.cpuUsage();
    for (const picture of pictures) {
      const begun = performance.now();
      await models.look(picture, question);
      times.push(performance.now() - begun);
    }
    const { user, system } = process.cpuUsage(cpu);
    const each = (user + system) / 1_000 / pictures.length;
    say(
      `${question} of 1024 × 1024, ms: p50 ${figure(median(times))}, p95 ${figure(quantile(times, 0.95))}, processor's mean ${figure(each)}`,
    );
  }
  say(`resident memory of this process, MB: ${figure(process.memoryUsage().rss / 1e6)}`);
  say(`loaded and proven: ${JSON.stringify(models.status().image_models.status)}`);
}
