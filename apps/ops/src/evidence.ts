import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@safelight/event-sourcing';
import {
  approveEvidence,
  askForEvidence,
  type EvidenceDoor,
  readEvidence,
} from '@safelight/moderation';
import { badUsage, command, ended, Refusal, type Surroundings } from './command.js';

const SERVICE = 'moderation';
const CASE = /^(rpt|dec)_[0-9a-hjkmnp-tv-z]{26}$/;
/** Evidence is for nobody else on this machine. */
const OWNER_ONLY = 0o600;

const common = {
  case: { type: 'string', value: 'ID', about: 'whose: rpt_… or dec_…' },
  by: { type: 'string', value: 'NAME', about: 'who you are; it stays on record' },
  'key-file': { type: 'string', value: 'FILE', about: 'moderation’s CASE_KEY_FILE' },
  objects: { type: 'string', value: 'FOLDER', about: 'moderation’s OBJECT_STORE_DIR' },
} as const;
type Asked = Readonly<Record<keyof typeof common, string | undefined>>;

/** `npm run ops -- evidence ask` */
export const ask = command({
  ...{ noun: 'evidence', verb: 'ask' },
  about: 'Ask to read sealed evidence; another person has to approve it',
  options: { ...common, reason: { type: 'string', value: 'TEXT', about: 'what for' } },
  run: async (asked, { say, databaseUrl }) => {
    const reason = wordIn('reason', asked.reason);
    const { door, caseId, by } = await doorOf(asked, databaseUrl);
    await askForEvidence(door, caseId, by, reason).catch(refuse);
    say('Asked. Somebody else approves it with evidence approve.');
    return ended.fine;
  },
});

/** `npm run ops -- evidence approve` */
export const approve = command({
  ...{ noun: 'evidence', verb: 'approve', options: common },
  about: 'Let whoever asked read the evidence, once, within a day',
  run: async (asked, { say, databaseUrl }) => {
    const { door, caseId, by } = await doorOf(asked, databaseUrl);
    await approveEvidence(door, caseId, by).catch(refuse);
    say('Approved, for one reading within a day.');
    return ended.fine;
  },
});

/** `npm run ops -- evidence read` */
export const read = command({
  ...{ noun: 'evidence', verb: 'read' },
  about: 'Write the evidence into a folder, in the clear; that it was read stays on record',
  options: { ...common, out: { type: 'string', value: 'FOLDER', about: 'a new one' } },
  run: async (asked, { say, databaseUrl }) => {
    const out = wordIn('out', asked.out);
    const { door, caseId, by } = await doorOf(asked, databaseUrl);
    await mkdir(out, { mode: 0o700 }).catch(() => {
      throw new Refusal(`${out} cannot be made; is it there already?`);
    });
    const found = await readEvidence(door, caseId, by).catch(refuse);
    for (const [at, { name, mediaType, bytes }] of found.entries()) {
      await writeFile(join(out, String(at + 1)), bytes, { mode: OWNER_ONLY });
      say(`${at + 1}  ${mediaType}, ${bytes.byteLength} bytes: ${name}`);
    }
    return ended.fine;
  },
});

async function doorOf(asked: Asked, databaseUrl: Surroundings['databaseUrl']) {
  const caseId = asked.case ?? '';
  if (!CASE.test(caseId)) throw badUsage('--case must be the id of a report or a decision.');
  const by = wordIn('by', asked.by);
  const keyFile = wordIn('key-file', asked['key-file']);
  const objects = wordIn('objects', asked.objects);
  const door: EvidenceDoor = { databaseUrl: await databaseUrl(SERVICE), keyFile, objects };
  return { door, caseId, by };
}

function wordIn(option: string, text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw badUsage(`Say --${option}.`);
  return text;
}

const sentences: Readonly<Record<string, string>> = {
  'evidence.not_asked': 'Nobody asked to read it: evidence ask comes first.',
  'evidence.same_person': 'Another person than the one who asked has to approve it.',
  'evidence.not_approved':
    'You have no approval for a reading now: ask, and let somebody else approve it.',
  'evidence.not_found': 'There is no evidence of this case.',
  'evidence.shredded': 'The evidence of this case was shredded: its time is over.',
};

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new Refusal(sentences[error.code] ?? `Refused: ${error.code}.`);
}
