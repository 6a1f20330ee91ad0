import { z } from 'zod';

/** A classifier, before its word counts. */
export interface Looks {
  /** Name and version. */
  readonly name: string;
  look(picture: Uint8Array, level: number): Promise<unknown>;
}

/** A classifier that did not come to a finding: then there is no verdict, and nothing passes (F6). */
export class NoFinding extends Error {
  constructor(classifier: string, why: string, options?: ErrorOptions) {
    super(`${classifier} came to no finding: ${why}`, options);
    this.name = 'NoFinding';
  }
}

const finding = z.strictObject({ unsafe: z.boolean(), category: z.string() });
type Finding = z.output<typeof finding>;

/**
 * One look of one classifier. What was read wrong from a disk may answer with anything, and what hangs
 * with nothing: neither may be taken for "nothing found".
 *
 * @param limitMs how long it may take; work that goes on after that is left behind
 * @throws NoFinding, also for whatever the classifier throws
 */
export async function lookBy(
  classifier: Looks,
  picture: Uint8Array,
  { level, limitMs }: { level: number; limitMs: number },
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new NoFinding(classifier.name, `not within ${limitMs} ms`));
    timer = setTimeout(tooLate, limitMs);
  });
  try {
    return finding.parse(await Promise.race([classifier.look(picture, level), late]));
  } catch (error) {
    if (error instanceof NoFinding) throw error;
    throw new NoFinding(classifier.name, 'it failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
