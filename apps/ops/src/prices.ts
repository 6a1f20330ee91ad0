import { readFile } from 'node:fs/promises';
import {
  checkPriceDocument,
  datedAnew,
  previewPrices,
  progressBar,
  publishPrices,
  tellPreview,
  type PriceCheck,
} from '@safelight/billing';
import { badUsage, command, ended, Refusal, type Ended, type Surroundings } from './command.js';

const options = {
  file: { type: 'string', value: 'FILE', about: 'the price book, as JSON: docs/prices.md' },
  'effective-from': {
    type: 'string',
    value: 'TIME',
    about: 'in force from then on, instead of the date in the file; like 2027-01-01T00:00:00Z',
  },
} as const;

interface Asked {
  readonly file: string | undefined;
  readonly 'effective-from': string | undefined;
}

export const check = command({
  ...{ noun: 'prices', verb: 'check', options },
  about: 'Tell everything that is wrong with a price book; changes nothing',
  run: async (asked, surroundings) => {
    const checked = await checkPriceDocument(await taskOf(asked, surroundings));
    if (!checked.ok) return tellFaults(checked, surroundings);
    surroundings.say(
      `${checked.version} is sound; it would be in force from ${checked.effectiveFrom}.`,
    );
    return ended.fine;
  },
});

export const preview = command({
  ...{ noun: 'prices', verb: 'preview', options },
  about: 'Tell what the jobs of the last 30 days would have cost, and who would pay more or less',
  run: async (asked, surroundings) => {
    const task = await taskOf(asked, surroundings);
    const previewed = await previewPrices(task, progressBar(process.stderr));
    if (!previewed.ok) return tellFaults(previewed, surroundings);
    for (const line of tellPreview(previewed)) surroundings.say(line);
    return ended.fine;
  },
});

export const publish = command({
  ...{ noun: 'prices', verb: 'publish', options },
  about: 'Publish a price book for its date; it stays for ever, and a later one replaces it',
  run: async (asked, surroundings) => {
    const published = await publishPrices(await taskOf(asked, surroundings));
    if (!published.ok) return tellFaults(published, surroundings);
    const { version, effectiveFrom } = published;
    surroundings.say(`${version} is published and in force from ${effectiveFrom}.`);
    return ended.fine;
  },
});

async function taskOf(asked: Asked, { databaseUrl }: Surroundings) {
  const { file, 'effective-from': from } = asked;
  if (file === undefined) throw badUsage('Name the price book with --file.');
  const document = await documentIn(file);
  const url = await databaseUrl('billing');
  if (from === undefined) return { url, written: document };
  const atMs = Date.parse(from);
  if (Number.isNaN(atMs))
    throw badUsage(`--effective-from ${from} is no time; write it like 2027-01-01T00:00:00Z.`);
  return { url, written: datedAnew(document, new Date(atMs).toISOString()) };
}

async function documentIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Refusal(`${file} cannot be read.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(
      `${file} is no JSON: ${error instanceof Error ? error.message : 'unreadable'}.`,
    );
  }
}

function tellFaults({ faults }: Extract<PriceCheck, { ok: false }>, { say }: Surroundings): Ended {
  say('Nothing was done, because of this in the price book:');
  for (const { at, message } of faults) say(`  ${at === '' ? 'the document' : at}: ${message}`);
  return ended.foundSomething;
}
