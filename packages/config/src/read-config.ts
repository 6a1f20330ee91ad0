import type { z } from 'zod';
import { ConfigError } from './config-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses an environment with a zod object schema. A variable set to nothing counts as not set:
 * that is what `NAME=` in a compose file means.
 * @throws ConfigError whose message names every faulty variable, one per line. Values are never
 * repeated in it: they may be secrets.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: Environment): z.infer<S> {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const lines = new Set(result.error.issues.map((issue) => `  ${complaint(issue, present)}`));
  throw new ConfigError(`The configuration is not usable:\n${[...lines].join('\n')}`);
}

function complaint(issue: z.core.$ZodIssue, present: Readonly<Record<string, unknown>>): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => `${name}: is not a variable of this service`).join('\n  ');
  }
  const name = String(issue.path[0] ?? '(environment)');
  if (issue.path.length === 1 && !(name in present)) return `${name}: is not set`;
  return `${name}: ${issue.message}`;
}
