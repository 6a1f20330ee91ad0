import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { progressBar } from '@safelight/billing';
import {
  checkPolicy,
  explainDecision,
  knownPolicies,
  type Redecided,
  replay as replayDecisions,
  type Replayed,
} from '@safelight/moderation';
import { badUsage, command, ended, Refusal } from './command.js';
import { asRefusal, SERVICE, textIn, textOf } from './policy-words.js';

const ACCOUNTS_TOLD = 20;

/** `npm run ops -- policy replay` */
export const replay = command({
  ...{ noun: 'policy', verb: 'replay' },
  about:
    'Decide stored decisions again under a candidate, and tell what would change; changes nothing',
  options: {
    candidate: {
      ...{ type: 'string', value: 'FILE|NAME' },
      about: 'a policy as JSON, or the name of one that is drafted; "none" for what is compiled in',
    },
    since: { type: 'string', value: 'TIME', about: 'decisions from then on: 2026-11-01T00:00:00Z' },
    out: {
      type: 'string',
      value: 'FILE',
      about: 'every decision that would change, as JSON lines',
    },
  },
  run: async ({ candidate, since, out }, { say, databaseUrl }) => {
    const url = await databaseUrl(SERVICE);
    const document = await candidateIn(textIn('candidate', candidate), url);
    const file = out === undefined ? undefined : await opened(out);
    const begun = performance.now();
    const replayed = await replayDecisions({
      ...{ url, candidate: document, progress: progressBar(process.stderr) },
      ...(since === undefined ? {} : { since: timeIn(since) }),
      ...(file === undefined ? {} : { onFlips: (flips) => written(file, flips) }),
    });
    const seconds = (performance.now() - begun) / 1_000;
    if (file !== undefined) await closed(file);
    for (const line of tell(replayed, seconds)) say(line);
    return ended.fine;
  },
});

/** `npm run ops -- policy explain` */
export const explain = command({
  ...{ noun: 'policy', verb: 'explain' },
  about: 'Tell all that a decision was made from, with the scores that customers do not see',
  options: { decision: { type: 'string', value: 'DECISION', about: 'the id of the decision' } },
  run: async ({ decision }, { say, databaseUrl }) => {
    const id = textIn('decision', decision);
    const explained = await explainDecision(await databaseUrl(SERVICE), id);
    if (explained === undefined) throw new Refusal(`There is no decision ${id}.`);
    say(JSON.stringify(explained, null, 2));
    return ended.fine;
  },
});

/** A policy that loosens is replayed as well as any other is not: it could never be published. */
async function candidateIn(word: string, url: string) {
  if (word === 'none') return undefined;
  const { policies } = await knownPolicies(url);
  const known = policies.find(({ document }) => document.name === word);
  if (known !== undefined) return known.document;
  const text = await textOf(word);
  try {
    return checkPolicy(text).document;
  } catch (error) {
    throw asRefusal(error);
  }
}

function timeIn(word: string): Date {
  const time = new Date(word);
  if (!Number.isNaN(time.getTime())) return time;
  throw badUsage(`--since ${word} is no time; write it like 2026-11-01T00:00:00Z.`);
}

async function opened(path: string): Promise<WriteStream> {
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
    return file;
  } catch {
    throw new Refusal(`${path} cannot be written.`);
  }
}

async function written(file: WriteStream, flips: readonly Redecided[]): Promise<void> {
  const text = flips.map((flip) => `${JSON.stringify(flip)}\n`).join('');
  if (!file.write(text)) await once(file, 'drain');
}

async function closed(file: WriteStream): Promise<void> {
  file.end();
  await once(file, 'close');
}

function tell({ count, without }: Replayed, seconds: number): string[] {
  const accounts = count.byAccount();
  const told = accounts.slice(0, ACCOUNTS_TOLD);
  return [
    `${count.decisions} decisions were made again in ${seconds.toFixed(1)} s; ${count.flips} would be others.`,
    ...(without > 0 ? [`${without} are from before signals were kept: nobody can say.`] : []),
    ...count
      .byCategory()
      .map(
        ({ from, to, category, ruleId, count: times }) =>
          `  ${times} from ${from} to ${to}: ${category} (${ruleId})`,
      ),
    ...(accounts.length > 0 ? [`They belong to ${accounts.length} accounts:`] : []),
    ...told.map(
      ({ accountId, decisions, flips }) => `  ${accountId}: ${flips} of ${decisions} decisions`,
    ),
    ...(accounts.length > told.length ? [`  and ${accounts.length - told.length} more`] : []),
  ];
}
