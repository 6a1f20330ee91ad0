import type { GenerateRequest } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Problem } from '../http/problem.js';
import type { Accepted, Sender, Submitter } from '../jobs/submitter.js';
import type { Aliases } from './aliases.js';
import { metadataOf, type Notes } from './notes.js';

/** A field of a dialect that the native API has none for. */
export interface Foreign {
  /** Its name in the deployment's setting. */
  readonly field: string;
  /** Where it stands in the client's request: `request.hires_fix`. */
  readonly at: string;
}

/** A request of a dialect, translated. */
export interface Wish {
  readonly notes: Omit<Notes, 'notHonoured'>;
  readonly request: Omit<GenerateRequest, 'model'>;
  readonly foreign: readonly Foreign[];
}

export interface Granted extends Accepted {
  readonly notHonoured: readonly string[];
}

/** Submits what clients of a dialect ask for, with the leniency that the operator allows. */
export class DialectSubmitter {
  constructor(
    private readonly submitter: Submitter,
    private readonly aliases: Aliases,
  ) {}

  /**
   * @throws Problem VALIDATION_ERROR for a field that nobody here honours and that may not go
   *   unhonoured
   * @throws DomainError the refusals of `jobs.submit`
   */
  async submit(sender: Sender, wish: Wish): Promise<Granted> {
    const notHonoured = wish.foreign.map((foreign) => this.letGo(foreign));
    const notes = metadataOf({ ...wish.notes, notHonoured });
    const request = { ...wish.request, metadata: { ...wish.request.metadata, ...notes } };
    const models = this.aliases.modelsFor(wish.notes.model);
    const accepted = await firstKnown(models, (model) =>
      this.submitter.submit(sender, { ...request, model: model ?? undefined }, wish.notes.dialect),
    );
    return { ...accepted, notHonoured };
  }

  private letGo({ field, at }: Foreign): string {
    if (this.aliases.tolerates(field)) return at;
    const pointer = `/${at.replaceAll('.', '/')}`;
    const message = 'cannot be honoured by any model here; leave it out';
    throw new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
      errors: [{ pointer, message }],
    });
  }
}

/** Which models are on offer is for the dispatcher to say, at the moment of asking. */
async function firstKnown<Result>(
  [model, ...others]: readonly [string | null, ...(string | null)[]],
  attempt: (model: string | null) => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt(model);
  } catch (error) {
    const [next, ...rest] = others;
    const isUnknown = error instanceof DomainError && error.code === 'model.unknown';
    if (!isUnknown || next === undefined) throw error;
    return firstKnown([next, ...rest], attempt);
  }
}
