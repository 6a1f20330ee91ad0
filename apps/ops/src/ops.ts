import { parseArgs } from 'node:util';
import { badUsage, ended, Refusal, type Command, type Ended } from './command.js';
import { databaseFinder } from './database.js';
import { usageOf, usageOfCommand } from './usage.js';

/** Where the words go, and where from the database is known. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly databaseUrl: string | undefined;
  readonly folder: string;
}

const common = {
  home: { type: 'string', value: 'FOLDER', about: 'the local installation: .safelight' },
  help: { type: 'boolean', about: 'tell this' },
} as const;

/**
 * Runs the command that the words name.
 * @returns the exit code: 0 fine, 1 something is wrong or could not be done, 2 bad usage
 */
export async function ops(
  words: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<Ended> {
  const [noun = '', verb = '', ...rest] = words;
  const found = commands.find((one) => one.noun === noun && one.verb === verb);
  if (found === undefined) return askedForNothing(words, commands, terminal);
  const { out, err } = terminal;
  const command = { ...found, options: { ...found.options, ...common } };
  try {
    const { home, help, ...values } = valuesOf(command, rest);
    if (help === true) {
      out(`${usageOfCommand(command)}\n`);
      return ended.fine;
    }
    const folder = typeof home === 'string' ? home : `${terminal.folder}/.safelight`;
    const databaseUrl = databaseFinder({ given: terminal.databaseUrl, home: folder });
    return await command.run(values, { say: (line = '') => out(`${line}\n`), databaseUrl });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    err(`${error.message}\n`);
    if (error.code === ended.badUsage) err(`\n${usageOfCommand(command)}\n`);
    return error.code;
  }
}

function askedForNothing(
  words: readonly string[],
  commands: readonly Command[],
  { out, err }: Terminal,
): Ended {
  const help = words.length === 0 || words[0] === '--help' || words[0] === 'help';
  if (help) out(`${usageOf(commands)}\n`);
  else err(`There is no "${words.slice(0, 2).join(' ')}".\n\n${usageOf(commands)}\n`);
  return help ? ended.fine : ended.badUsage;
}

function valuesOf({ options }: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    // A TypeError of Node's, whose message names the word that it stumbled over.
    throw badUsage(error instanceof Error ? error.message : String(error));
  }
}
