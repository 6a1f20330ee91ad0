import type { ParseArgsConfig } from 'node:util';

/** What a command ends with, as the exit code of the process. */
export const ended = { fine: 0, foundSomething: 1, badUsage: 2 } as const;
export type Ended = (typeof ended)[keyof typeof ended];

/** An option as `node:util` reads it, with a sentence for the usage text. */
export type CommandOption = NonNullable<ParseArgsConfig['options']>[string] & {
  readonly about: string;
  /** What stands for the value in the usage text: `FILE`. */
  readonly value?: string;
};

/** What a command may ask of its surroundings. */
export interface Surroundings {
  /** A line of what the command has to say. */
  readonly say: (line?: string) => void;
  /**
   * The database as a service's runtime role sees it.
   * @throws Refusal when none can be found
   */
  readonly databaseUrl: (service: string) => Promise<string>;
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** `npm run ops -- <noun> <verb> [--options]` */
export interface Command {
  readonly noun: string;
  readonly verb: string;
  readonly about: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  readonly run: (values: Values, surroundings: Surroundings) => Promise<Ended>;
}

type TypedValues<O extends Readonly<Record<string, CommandOption>>> = {
  readonly [K in keyof O]: (O[K]['type'] extends 'boolean' ? boolean : string) extends infer One
    ? O[K]['multiple'] extends true
      ? readonly One[] | undefined
      : O[K] extends { default: One }
        ? One
        : One | undefined
    : never;
};

/** A command whose `run` knows the types of its own options. */
export function command<const O extends Readonly<Record<string, CommandOption>>>(described: {
  readonly noun: string;
  readonly verb: string;
  readonly about: string;
  readonly options: O;
  readonly run: (values: TypedValues<O>, surroundings: Surroundings) => Promise<Ended>;
}): Command {
  // parseArgs gives exactly what the options say: the one place that takes its word for it.
  const run = described.run as unknown as Command['run'];
  return { ...described, run };
}

/** The command was asked for something that it cannot do; the message is one sentence for a person. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: Ended = ended.foundSomething,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The words of the command line make no sense. */
export const badUsage = (message: string): Refusal => new Refusal(message, ended.badUsage);
