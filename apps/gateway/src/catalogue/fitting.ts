import type { ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Unavailable } from '@safelight/messaging';
import type { WantedJob } from '../jobs/submitting.js';
import { featuresOn, type Catalogue } from './catalogue.js';
import { deprecationOf, type Deprecation } from './deprecation.js';
import { fitToModel, type Asked } from './fit-to-model.js';
import type { Offers } from './offers.js';

export interface Fitted {
  readonly spec: WantedJob['spec'];
  /** The model will be withdrawn. */
  readonly deprecation: Deprecation | undefined;
}

/** Who asks, and where in the body. */
export interface Asking {
  /** A test key, which may not use all there is. */
  readonly test: boolean;
  readonly at?: string;
}

const RETRY_SECONDS = 2;
const isBuiltin = (name: string) => name.startsWith('builtin/');

/**
 * Holds what a request asks for against what the catalogue says of its model, before anything is
 * fetched, held or queued for it. Whether a worker can take it is for the dispatcher to say.
 */
export class Fitting {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly offers: Pick<Offers, 'list'>,
    private readonly now = () => new Date(),
  ) {}

  /**
   * @throws Problem VALIDATION_ERROR as `fitToModel`
   * @throws DomainError `model.unknown`, and `dispatch.unavailable` where no worker is there, both only
   *   for what can be checked against a known model alone
   */
  async fit(asked: Asked, asking: Asking): Promise<Fitted> {
    const { spec } = asked;
    const isPlain = (asked.needs ?? []).length === 0 && !isHinted(spec);
    const known = await this.modelOf(spec, isPlain, asking.test);
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
  async unhonoured(
    spec: Pick<WantedJob['spec'], 'model' | 'operation'>,
    fields: readonly string[],
    test: boolean,
  ): Promise<string[]> {
    if (fields.length === 0) return [];
    const known = await this.modelOf(spec, false, test);
    if (known?.offer === undefined) return [];
    const honoured = featuresOn(known.offer, this.catalogue.model(known.name));
    return fields.filter((field) => !honoured.includes(field));
  }

  /** `undefined`: nobody can say now, and the request needs nobody to. */
  private async modelOf(
    { model, operation }: Pick<WantedJob['spec'], 'model' | 'operation'>,
    isPlain: boolean,
    test: boolean,
  ) {
    if (model !== null && isPlain) return { name: model, offer: undefined, offers: [] };
    const all = await this.offered(isPlain);
    const offers = all.filter(({ offer }) => !test || isBuiltin(offer.name));
    const able = offers.filter(({ offer }) => offer.operations.includes(operation));
    const found =
      model === null
        ? (able.find(({ isDefault }) => isDefault) ?? able[0])
        : offers.find(({ offer }) => offer.name === model);
    const list = offers.map(({ offer }): ModelOffer => offer);
    if (found !== undefined) return { name: found.offer.name, offer: found.offer, offers: list };
    if (isPlain) return undefined;
    throw nobody({ model, operation }, list, test);
  }

  private async offered(isPlain: boolean) {
    try {
      return await this.offers.list();
    } catch (error) {
      // The submission itself will be told that nobody answers; it needs no second opinion.
      if (isPlain && error instanceof Unavailable) return [];
      throw error;
    }
  }
}

function nobody(
  { model, operation }: Pick<WantedJob['spec'], 'model' | 'operation'>,
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

const isHinted = ({ resolution, quality, parts }: WantedJob['spec']): boolean =>
  resolution !== undefined || quality !== undefined || parts !== undefined;
