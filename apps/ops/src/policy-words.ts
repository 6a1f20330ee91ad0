import { readFile } from 'node:fs/promises';
import { DomainError } from '@safelight/event-sourcing';
import { PolicyRefused } from '@safelight/moderation';
import { badUsage, Refusal, type CommandOption } from './command.js';

export const SERVICE = 'moderation';
/** A person's name or e-mail address, for the record. */
const PERSON = /^\S(.{0,98}\S)?$/u;

export const name = {
  ...{ type: 'string', value: 'NAME', about: 'the name in the document' },
} as const satisfies CommandOption;
export const by = {
  ...{ type: 'string', value: 'PERSON', about: 'who does this, for the record' },
} as const satisfies CommandOption;

export function textIn(option: string, text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw badUsage(`Say --${option}.`);
  return text;
}

export function personIn(text: string | undefined): string {
  const person = textIn('by', text).trim().normalize('NFKC').toLowerCase();
  if (!PERSON.test(person)) throw badUsage('--by is a name of at most 100 characters.');
  return person;
}

export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Refusal(`${file} cannot be read.`);
  }
}

const sentences: Readonly<Record<string, (details: Readonly<Record<string, unknown>>) => string>> =
  {
    'policy.exists': ({ stage }) =>
      `Another policy of this name is in ${String(stage)}: give this one another name, or retire that.`,
    'policy.unknown': () => 'No policy of this name is drafted, or it is retired.',
    'policy.stage': ({ stage }) =>
      `This does not follow on ${String(stage)}: the way is draft, shadow, canary, active.`,
    'policy.busy': ({ name: other }) =>
      `${String(other)} is there already: retire it, or move it on.`,
    'policy.author': () => 'Whoever drafted a policy does not approve of it: somebody else has to.',
    'policy.approvals': ({ needed, given }) =>
      `This needs ${String(needed)} people beside the author who approve of it; there are ${String(given)}.`,
  };

/** What a person at a terminal is told; anything unforeseen is thrown on as it is. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof PolicyRefused) {
    const faults = error.faults.map(({ at, message }) => `  ${at || 'the document'}: ${message}`);
    return new Refusal(['Nothing was done, because of this in the policy:', ...faults].join('\n'));
  }
  const sentence = error instanceof DomainError ? sentences[error.code] : undefined;
  return sentence ? new Refusal(sentence((error as DomainError).details)) : error;
}
