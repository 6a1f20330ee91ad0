import { readFile } from 'node:fs/promises';
import {
  type Bank,
  BankFileRefused,
  type BankKind,
  importBank,
  knownBanks,
  retireBank,
} from '@safelight/moderation';
import { DomainError } from '@safelight/event-sourcing';
import { badUsage, command, ended, Refusal } from './command.js';

const SERVICE = 'moderation';
const NAME = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;
const KINDS: readonly BankKind[] = ['pdq', 'sha256'];
const HEARD = 'Every moderation process hears of it at once.';

const name = { type: 'string', value: 'NAME', about: 'what receipts call it' } as const;

/** `npm run ops -- banks import` */
export const bring = command({
  ...{ noun: 'banks', verb: 'import' },
  about: 'Put hashes of known pictures in force: what matches one is refused (policy F5)',
  options: {
    name,
    file: {
      type: 'string',
      value: 'FILE',
      about: 'a hash on each line, 64 hexadecimal digits; of PDQ also hash,quality',
    },
    provenance: { type: 'string', value: 'TEXT', about: 'who gave it, when, on what terms' },
    kind: {
      type: 'string',
      value: 'pdq|sha256',
      about: 'needed where no line tells a quality',
    },
    replace: { type: 'boolean', about: 'retire the bank of this name in the same moment' },
  },
  run: async ({ name: given, file, provenance, kind, replace }, { say, databaseUrl }) => {
    const bankName = nameIn(given);
    const asked = {
      ...{ name: bankName, provenance: textIn('provenance', provenance), kind: kindIn(kind) },
      ...{ text: await textOf(textIn('file', file)), replaces: replace === true },
    };
    const { bank, imported, belowFloor } = await importBank(
      await databaseUrl(SERVICE),
      asked,
    ).catch((error: unknown) => {
      throw asRefusal(error);
    });
    say(sentenceOf(bank));
    if (belowFloor > 0) say(`${belowFloor} hashes of a quality below 50 were left out.`);
    say(imported ? HEARD : 'Exactly these hashes are in force under this name already.');
    return ended.fine;
  },
});

/** `npm run ops -- banks list` */
export const list = command({
  ...{ noun: 'banks', verb: 'list', options: {} },
  about: 'Tell the banks of known hashes that are in force',
  run: async (_, { say, databaseUrl }) => {
    const banks = await knownBanks(await databaseUrl(SERVICE));
    for (const bank of banks) say(sentenceOf(bank));
    if (banks.length === 0) say('No external bank is loaded.');
    return ended.fine;
  },
});

/** `npm run ops -- banks retire` */
export const retire = command({
  ...{ noun: 'banks', verb: 'retire' },
  about: 'Take a bank of known hashes out of force; what it was stays on record',
  options: {
    name,
    reason: { type: 'string', value: 'TEXT', about: 'for whoever reads it later' },
  },
  run: async ({ name: given, reason }, { say, databaseUrl }) => {
    const bankName = nameIn(given);
    const why = textIn('reason', reason);
    await retireBank(await databaseUrl(SERVICE), bankName, why).catch((error: unknown) => {
      throw asRefusal(error);
    });
    say(`${bankName} matches nothing any more. ${HEARD}`);
    return ended.fine;
  },
});

function nameIn(word: string | undefined): string {
  if (word === undefined) throw badUsage('Name the bank with --name.');
  if (NAME.test(word)) return word;
  throw badUsage(`--name ${word}: letters a to z, digits, dots and hyphens, at most 63.`);
}

function textIn(option: string, text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw badUsage(`Say --${option}.`);
  return text;
}

function kindIn(word: string | undefined): BankKind | undefined {
  const kind = KINDS.find((one) => one === word);
  if (word !== undefined && kind === undefined) throw badUsage('--kind is pdq or sha256.');
  return kind;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Refusal(`${file} cannot be read.`);
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof BankFileRefused) return new Refusal(error.message);
  if (!(error instanceof DomainError)) return error;
  if (error.code === 'bank.unknown') return new Refusal('No bank of this name is in force.');
  return new Refusal(
    'Another bank of this name is in force: say --replace to retire it in the same moment.',
  );
}

const sentenceOf = ({ name: its, kind, count, digest, provenance }: Bank): string =>
  `${its}: ${count} ${kind} hashes, sha256 ${digest.slice(0, 12)}; ${provenance}`;
