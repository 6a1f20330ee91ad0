import type { InputSecret, JobInput } from '@safelight/contracts';
import { ObjectNotFound, SealBroken, SealedObjects } from '@safelight/object-store';
import type { ObjectStore } from '@safelight/object-store';

/** The pictures that an attempt begins with, in the clear: in memory, for as long as it runs. */
export interface Pictures {
  readonly image?: Buffer;
  readonly mask?: Buffer;
  readonly face?: Buffer;
  /** An MP4. */
  readonly video?: Buffer;
  /** One for each IP-Adapter, and one for each unit of ControlNet, in the order of the spec's parts. */
  readonly references?: readonly Buffer[];
  readonly controls?: readonly Buffer[];
}

/** An input is gone or is not what was sent. No other worker would find it otherwise. */
export class InputBroken extends Error {
  readonly code = 'worker.input_broken';
  constructor(options: ErrorOptions) {
    super('A picture that the job begins with could not be opened.', options);
    this.name = 'InputBroken';
  }
}

/**
 * Fetches and opens a job's pictures. What opens was sealed for this job: its key and every bit of it
 * are authenticated.
 *
 * @param inputs as the job's events know them
 * @param secrets what opens them, in the same order
 * @throws InputBroken
 */
export async function openInputs(
  store: ObjectStore,
  inputs: readonly JobInput[],
  secrets: readonly InputSecret[],
): Promise<Pictures> {
  const objects = new SealedObjects(store);
  const opened = await Promise.all(
    inputs.map(async (input, at) => {
      const secret = secrets[at];
      if (secret === undefined) throw new InputBroken({ cause: `nothing opens input ${at}` });
      return [input.role, await openOne(objects, input, secret)] as const;
    }),
  );
  const all = (role: JobInput['role']) =>
    opened.filter(([its]) => its === role).map(([, picture]) => picture);
  const [references, controls] = [all('reference'), all('control')];
  return {
    ...Object.fromEntries(opened.filter(([role]) => role !== 'reference' && role !== 'control')),
    ...(references.length === 0 ? {} : { references }),
    ...(controls.length === 0 ? {} : { controls }),
  };
}

async function openOne(objects: SealedObjects, { key, digest }: JobInput, secret: InputSecret) {
  try {
    return await objects.open(key, secret.dataKey, digest);
  } catch (error) {
    if (!(error instanceof SealBroken) && !(error instanceof ObjectNotFound)) throw error;
    throw new InputBroken({ cause: error });
  }
}
