import { DomainError } from '@safelight/event-sourcing';
import { Problem } from '../http/problem.js';
import type { Handed, Submitter, Submitting } from '../jobs/submitting.js';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { Caller } from '../admission/scope.js';
import type { Fitting } from '../catalogue/fitting.js';
import type { JobPicture } from '../pictures/job-pictures.js';
import type { Picture } from '../pictures/picture.js';
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
  readonly fitting: Pick<Fitting, 'unhonoured'>;
}

/** A request of a dialect, with what was found out about it for every model alike. */
interface Translated {
  readonly wish: Wish;
  /** Fields that no model honours and that may go unhonoured. */
  readonly allowed: readonly string[];
  /** Takes each picture in once. */
  readonly take: (sent: SentPicture) => Promise<Picture>;
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
    const taken = new Map<SentPicture, Promise<Picture>>();
    const take = (sent: SentPicture) => {
      const picture = taken.get(sent) ?? this.read(by.caller, sent);
      taken.set(sent, picture);
      return picture;
    };
    return firstKnown(this.parts.aliases.modelsFor(wish.notes.model), (model) =>
      this.submitTo(model, by, { wish, allowed, take }),
    );
  }

  private async submitTo(
    model: string | null,
    by: Submitter,
    { wish, allowed, take }: Translated,
  ): Promise<Granted> {
    const dropped = await this.droppedFor(model, by, wish);
    const without = new Set(dropped.map(({ feature }) => feature));
    const pictures: JobPicture[] = [];
    for (const sent of wish.pictures.filter(({ role }) => !without.has(featureOf[role] ?? ''))) {
      pictures.push({ role: sent.role, picture: await take(sent) });
    }
    const { foreign = [], ...asked } = wish.job(takenOf(pictures), without);
    const { wanted, unstored } = await this.storable(asked);
    const tolerated = [...foreign, ...unstored].map((one) => this.letGo(one));
    const notHonoured = [...dropped.map(({ at }) => at), ...allowed, ...tolerated];
    const { notes } = wish;
    const metadata = { ...wanted.metadata, ...metadataOf({ ...notes, notHonoured }) };
    const detection = notes.detection ? { detection: true as const } : {};
    const job = { ...wanted, metadata, spec: { ...wanted.spec, ...detection, model } };
    const handed = await this.parts.submitting.hand(by, job, pictures, notes.dialect);
    return { ...handed, notHonoured };
  }

  /** What this model does not honour. @throws Problem for what may not go unhonoured */
  private async droppedFor(model: string | null, { caller }: Submitter, wish: Wish) {
    const { optional, operation } = wish;
    const unhonoured = await this.parts.fitting.unhonoured(
      { model, operation },
      optional.map(({ feature }) => feature),
      caller.kind === 'test',
    );
    const dropped = optional.filter(({ feature }) => unhonoured.includes(feature));
    for (const one of dropped) this.letGo(one);
    return dropped;
  }

  /** Where nothing can be copied, a bucket is a field like others that nobody honours. */
  private async storable({ storage, ...wanted }: WantedJob) {
    if (storage === undefined) return { wanted, unstored: [] };
    if (await this.parts.stores.available())
      return { wanted: { ...wanted, storage }, unstored: [] };
    return { wanted, unstored: foreignFields({ custom_storage: true }, 'extra') };
  }

  private read({ accountId }: Caller, { pointer, sent }: SentPicture): Promise<Picture> {
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

/** What a picture is sent for, of a field that some models honour. */
const featureOf: Partial<Record<SentPicture['role'], string>> = {
  reference: 'ip_adapters',
  control: 'controlnet',
};

const takenOf = (pictures: readonly JobPicture[]): TakenPictures =>
  Object.fromEntries(pictures.map(({ role, picture }) => [role, picture]));

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
