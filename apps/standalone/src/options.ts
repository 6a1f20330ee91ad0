import { parseArgs } from 'node:util';

export interface Options {
  /** Stop after the picture. */
  readonly once: boolean;
  readonly prompt: string;
  /** Where data, secrets and pictures live. */
  readonly home: string;
}

const DEFAULT_PROMPT =
  'a lighthouse on a cliff at dusk, the first stars, a small boat coming home, oil painting';

/**
 * The words after `npm start --`.
 * @throws TypeError naming an option that does not exist.
 */
export function readOptions(args: readonly string[], folder: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      prompt: { type: 'string', default: DEFAULT_PROMPT },
      home: { type: 'string', default: `${folder}/.safelight` },
    },
  });
  return values;
}
