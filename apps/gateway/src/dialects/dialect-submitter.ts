import { DomainError } from '@safelight/event-sourcing';
import { Problem } from '../http/problem.js';
import type { Handed, Submitter, Submitting, WantedJob } from '../jobs/submitting.js';
import type { JobPicture } from '../pictures/job-pictures.js';
import type { PictureIntake } from '../pictures/picture-intake.js';
import type { OutputStores } from '../storage/output-stores.js';
import type { Aliases } from './aliases.js';
import { metadataOf, notHonouredIn } from './notes.js';
import { foreignFields } from './wish.js';
import type { Foreign, SentPicture, TakenPictures, Wish } from './wish.js';

export interface Granted extends Handed {
  /** Fields that were accepted and cannot be honoured, as they stand in the request. */
  readonly notHonoured: readonly string[];
}

interface Parts {
  readonly submitting: Submitting;
  readonly pictures: PictureIntake;
  readonly aliases: Aliases;
  readonly stores: OutputStores;
}

const DATA_URL = /^data:image\/[a-z]+;base64,/;

/** Submits what clients of a dialect ask for, with the leniency that the operator allows. */
export class DialectSubmitter {
  constructor(private readonly parts: Parts) {}

  /**
   * @throws Problem VALIDATION_ERROR for a field that nobody here honours and that may not go
   *   unhonoured; for pictures, what `PictureIntake.read` throws
   * @throws DomainError the refusals of `jobs.submit`
   */
  async submit(by: Submitter, wish: Wish): Promise<Granted> {
    const { submitting } = this.parts;
    const earlier = await submitting.earlier(by);
    if (earlier !== undefined) {
      const notHonoured = notHonouredIn(earlier.metadata);
      return { ...earlier.accepted, webhook: {}, notHonoured };
    }
    const allowed = wish.foreign.map((foreign) => this.letGo(foreign));
    const taken = await this.take(by.caller.accountId, wish.pictures);
    const { foreign = [], ...asked } = wish.job(taken);
    const { wanted, unstored } = await this.storable(asked);
    const notHonoured = [...allowed, ...[...foreign, ...unstored].map((one) => this.letGo(one))];
    const { notes } = wish;
    const metadata = { ...wanted.metadata, ...metadataOf({ ...notes, notHonoured }) };
    const pictures = wish.pictures.flatMap(({ role }): JobPicture[] => {
      const picture = taken[role];
      return picture === undefined ? [] : [{ role, picture }];
    });
    const detection = notes.detection ? { detection: true as const } : {};
    const handed = await firstKnown(this.parts.aliases.modelsFor(notes.model), (model) => {
      const job = { ...wanted, metadata, spec: { ...wanted.spec, ...detection, model } };
      return submitting.hand(by, job, pictures, notes.dialect);
    });
    return { ...handed, notHonoured };
  }

  /** Where nothing can be copied, a bucket is a field like others that nobody honours. */
  private async storable({ storage, ...wanted }: WantedJob) {
    if (storage === undefined) return { wanted, unstored: [] };
    if (await this.parts.stores.available())
      return { wanted: { ...wanted, storage }, unstored: [] };
    return { wanted, unstored: foreignFields({ custom_storage: true }, 'extra') };
  }

  private async take(accountId: string, sent: readonly SentPicture[]): Promise<TakenPictures> {
    const taken: [SentPicture['role'], TakenPictures['image']][] = [];
    for (const picture of sent) taken.push([picture.role, await this.read(accountId, picture)]);
    return Object.fromEntries(taken);
  }

  private read(accountId: string, { pointer, sent }: SentPicture) {
    const { pictures } = this.parts;
    if (typeof sent !== 'string') return pictures.clean(sent, pointer);
    return pictures.read(accountId, { pointer, reference: sent.replace(DATA_URL, '') });
  }

  private letGo({ field, at }: Foreign): string {
    if (this.parts.aliases.tolerates(field)) return at;
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
