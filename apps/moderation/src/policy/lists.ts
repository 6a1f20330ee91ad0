import { readFile } from 'node:fs/promises';
import { PolicyError } from './policy.js';

/** What a deployment brings to the floor: it can only make it refuse more. */
export interface DeploymentLists {
  /** Names of living people, one phrase each. */
  readonly namedPeople: readonly string[];
  /** SHA-256 digests of images that may never pass, lower-case hex. */
  readonly knownImages: ReadonlySet<string>;
}

const digestPattern = /^[0-9a-f]{64}$/;

/**
 * Reads the lists from files of one entry per line; `#` starts a comment. A list that is not
 * configured is empty; one that is configured must be readable.
 * @throws PolicyError
 */
export async function readLists(files: {
  namedPeople: string | undefined;
  knownImages: string | undefined;
}): Promise<DeploymentLists> {
  const knownImages = (await readLines(files.knownImages)).map((line) => line.toLowerCase());
  const faulty = knownImages.findIndex((line) => !digestPattern.test(line));
  if (faulty >= 0) {
    throw new PolicyError(`the list of known images: entry ${faulty + 1} is not a SHA-256 in hex`);
  }
  return {
    namedPeople: await readLines(files.namedPeople),
    knownImages: new Set(knownImages),
  };
}

async function readLines(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new PolicyError(`a policy list cannot be read: ${String(error)}`);
  });
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
