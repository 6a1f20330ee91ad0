import { featuresOf, type ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Unavailable } from '@safelight/messaging';
import type { WantedJob } from '../jobs/wanted-job.js';
import { featuresOn, type Catalogue } from './catalogue.js';
import { deprecationOf, type Deprecation } from './deprecation.js';
import { fitToModel, type Asked } from './fit-to-model.js';
import type { Offers, PoolAsked } from './offers.js';

export interface Fitted {
  readonly spec: WantedJob['spec'];
  /** The model will be withdrawn. */
  readonly deprecation: Deprecation | undefined;
}

/** Who asks, and where in the body. */
export interface Asking {
  /** A test key, which may not use all there is. */
  readonly test: boolean;
  readonly accountId: string;
  readonly at?: string;
}

type Wanted = Pick<WantedJob['spec'], 'model' | 'operation'> &
  Partial<Pick<WantedJob['spec'], 'pool' | 'parts' | 'resolution' | 'quality'>> & {
    readonly hasImage?: boolean;
  };

const RETRY_SECONDS = 2;
const isBuiltin = (name: string) => name.startsWith('builtin/');

/**
 * Holds what a request asks for against what the catalogue says of its model, before anything is
 * fetched, held or queued for it. Whether a worker can take it is for the dispatcher to say.
 */
export class Fitting {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly offers: Pick<Offers, 'list' | 'listIn'>,
    private readonly now = () => new Date(),
  ) {}

  /**
   * @throws Problem VALIDATION_ERROR as `fitToModel`
   * @throws DomainError `pool.unknown`; `model.unknown`, and `dispatch.unavailable` where no worker is there, these two only
   *   for what can be checked against a known model alone
   */
  async fit(asked: Asked, asking: Asking): Promise<Fitted> {
    const { spec } = asked;
    const isPlain = (asked.needs ?? []).length === 0 && !isHinted(spec);
    const known = await this.modelOf({ ...spec, hasImage: asked.hasImage }, isPlain, asking);
    if (known === undefined) return { spec, deprecation: undefined };
    const { name } = known;
    const entry = this.catalogue.model(name);
    const rules = { catalogue: this.catalogue, now: this.now(), at: asking.at ?? '' };
    const fitted = fitToModel(asked, { ...known, entry }, rules);
    return {
      // What was checked for one model must not be made by another.
      spec: isPlain && entry === undefined ? fitted : { ...fitted, model: name },
      deprecation: entry && deprecationOf(entry),
    };
  }

  /**
   * Those of the fields that this model cannot honour.
   * @throws DomainError as `fit`
   */
  async unhonoured(wanted: Wanted, fields: readonly string[], test: boolean): Promise<string[]> {
    if (fields.length === 0) return [];
    const known = await this.modelOf({ ...wanted, pool: undefined }, false, { test });
    if (known === undefined) return [];
    const { offer, name, offers } = known;
    const entry = this.catalogue.model(name);
    // Whether there is such a model at all comes first: it may be a name that stands for another.
    if (offer === undefined && entry === undefined) throw nobody(wanted, offers, test);
    const honoured: readonly string[] =
      offer === undefined ? (entry?.features ?? []) : featuresOn(offer, entry);
    return fields.filter((field) => !honoured.includes(field));
  }

  /** `undefined`: nobody can say now, and the request needs nobody to. */
  private async modelOf(
    wanted: Wanted,
    isPlain: boolean,
    { test, accountId }: Pick<Asking, 'test'> & Partial<Asking>,
  ) {
    const { model, operation, pool } = wanted;
    if (model !== null && isPlain) return { name: model, offer: undefined, offers: [] };
    const of =
      pool === undefined || accountId === undefined ? undefined : { accountId, pool, test };
    const all = await this.offered(isPlain, of);
    const usable = all.filter(({ offer }) => !test || isBuiltin(offer.name));
    const does = usable.filter(({ offer }) => offer.operations.includes(operation));
    // As the dispatcher chooses: nobody asked for one that needs another picture.
    const fed = does.filter(
      ({ offer }) => wanted.hasImage !== false || offer.requires.length === 0,
    );
    const able = fed.length === 0 ? does : fed;
    const found =
      model === null
        ? (able.find(({ isDefault }) => isDefault) ?? able[0])
        : usable.find(({ offer }) => offer.name === model);
    const offers = usable.map(({ offer }) => offer);
    if (found !== undefined) return { name: found.offer.name, offer: found.offer, offers };
    // What only a pool of the account's own has is on no list: the dispatcher knows whose it is.
    if (model !== null && (this.catalogue.model(model) !== undefined || !namesParts(wanted)))
      return { name: model, offer: undefined, offers };
    if (isPlain) return undefined;
    throw nobody({ model, operation }, offers, test);
  }

  private async offered(isPlain: boolean, of: PoolAsked | undefined) {
    try {
      return await (of === undefined ? this.offers.list() : this.offers.listIn(of));
    } catch (error) {
      // The submission itself will be told that nobody answers; it needs no second opinion.
      if (isPlain && error instanceof Unavailable) return [];
      throw error;
    }
  }
}

function nobody(
  { model, operation }: Pick<Wanted, 'model' | 'operation'>,
  offers: readonly ModelOffer[],
  test: boolean,
): DomainError {
  if (offers.length === 0) {
    return new DomainError('dispatch.unavailable', { retryAfterSeconds: RETRY_SECONDS });
  }
  if (model !== null) {
    return new DomainError('model.unknown', {
      model,
      models: offers.map(({ name }) => name),
      test,
    });
  }
  const operations = [...new Set(offers.flatMap((offer) => offer.operations))];
  return new DomainError('operation.unserved', { operation, operations });
}

/** What can be checked only where the catalogue knows the model. */
const namesParts = ({ parts, resolution, quality }: Wanted): boolean =>
  resolution !== undefined ||
  quality !== undefined ||
  featuresOf(parts).some((feature) => feature !== 'sampler' && feature !== 'clip_skip');

const isHinted = ({ resolution, quality, parts }: WantedJob['spec']): boolean =>
  resolution !== undefined || quality !== undefined || parts !== undefined;
