import type { Command } from './command.js';

const INDENT = 2;

/** What can be said, one command a line. */
export function usageOf(commands: readonly Command[]): string {
  const lines = commands.map(({ noun, verb, about }) => [`${noun} ${verb}`, about] as const);
  const head = 'npm run ops -- <noun> <verb> [options]';
  return [
    ...[head, '', ...table(lines), ''],
    '  --help after a command tells its options; --home FOLDER names the local installation',
    '  (.safelight unless said otherwise), which is used where DATABASE_URL is not set.',
  ].join('\n');
}

/** What one command takes. */
export function usageOfCommand({ noun, verb, about, options }: Command): string {
  const lines = Object.entries(options).map(
    ([name, { value = 'VALUE', type, about: what }]) =>
      [type === 'boolean' ? `--${name}` : `--${name} ${value}`, what] as const,
  );
  return [`npm run ops -- ${noun} ${verb} [options]`, `${about}.`, '', ...table(lines)].join('\n');
}

function table(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `${' '.repeat(INDENT)}${left.padEnd(width)}  ${right}`);
}
