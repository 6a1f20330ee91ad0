import type { ModelOffer } from '@safelight/contracts';
import { Problem, type FieldFault } from '../http/problem.js';
import type { WantedJob } from '../jobs/wanted-job.js';
import { featuresOn, type Catalogue } from './catalogue.js';
import { faultOfWithdrawn } from './deprecation.js';
import type { CatalogueModel } from './document.js';
import { faultsOfLimits, type At } from './limits-of-model.js';
import { engineNames, faultsOfParts } from './parts-of-model.js';

type Spec = WantedJob['spec'];

/** A job as it is wanted, and what is not in its spec. */
export interface Asked extends Pick<WantedJob, 'spec' | 'needs' | 'guidanceOpen'> {
  /** It begins with an image. */
  readonly hasImage: boolean;
}

/** The model that is to make it, as far as anybody knows it. */
export interface Model {
  readonly name: string;
  readonly entry: CatalogueModel | undefined;
  /** `undefined` where nobody was asked, or where it is an account's own and not on the list. */
  readonly offer: ModelOffer | undefined;
  /** Everything on offer, to name who could. */
  readonly offers: readonly ModelOffer[];
}

/** What a request is checked against. */
export interface Rules {
  readonly catalogue: Catalogue;
  readonly now: Date;
  /** Where the request stands in the body: '' or '/request'. */
  readonly at: string;
}

/**
 * The job with what the catalogue makes of it: the model's own defaults, the size and steps of a
 * `resolution` and a `quality`, and what the engine calls the parts.
 *
 * @throws Problem VALIDATION_ERROR naming every field that this model cannot honour, and what could
 */
export function fitToModel(asked: Asked, model: Model, rules: Rules): Spec {
  const at: At = (field) => `${rules.at}/${field}`;
  const faults = [
    ...(model.entry === undefined ? [] : faultOfWithdrawn(model.entry, rules.now, at('model'))),
    ...faultsOfFeatures(asked, model, rules.catalogue, at),
  ];
  // Of a model that cannot honour a field, nothing more is to be said about it.
  if (faults.length === 0) {
    const { spec } = asked;
    const { entry, offer, name } = model;
    if (entry !== undefined) faults.push(...faultsOfLimits(spec, entry, at));
    const use = { model: name, entry, offer };
    if (spec.parts !== undefined)
      faults.push(...faultsOfParts(spec.parts, use, rules.catalogue, at));
  }
  const [first] = faults;
  if (first === undefined) return completed(asked, model, rules.catalogue);
  throw new Problem('VALIDATION_ERROR', `${first.pointer} ${first.message}`, { errors: faults });
}

/** A model, with what its engine honours; `undefined` where no engine could be asked. */
type Able = Pick<ModelOffer, 'name'> & Partial<Pick<ModelOffer, 'features'>>;

/** What each field needs: whether a model has it. */
function abilitiesFor({ spec, needs = [] }: Asked, catalogue: Catalogue) {
  const { resolution, quality } = spec;
  const hints = [
    ...(resolution === undefined ? [] : [['resolution', 'resolutions', resolution] as const]),
    ...(quality === undefined ? [] : [['quality', 'qualities', quality] as const]),
  ];
  return [
    ...needs.map((field) => ({
      field,
      has: ({ name, features }: Able) => {
        const entry = catalogue.model(name);
        return features === undefined
          ? (entry?.features.some((allowed) => allowed === field) ?? true)
          : featuresOn({ features }, entry).includes(field);
      },
    })),
    ...hints.map(([field, table, value]) => ({
      field,
      has: ({ name }: Able) => value in (catalogue.model(name)?.[table] ?? {}),
    })),
  ];
}

function faultsOfFeatures(
  asked: Asked,
  { name, entry, offer, offers }: Model,
  catalogue: Catalogue,
  at: At,
): FieldFault[] {
  const { operation } = asked.spec;
  const able = offers.filter((one) => one.operations.includes(operation));
  if (entry?.operations?.includes(operation) === false) {
    const others = able.filter((one) => one.name !== name).map((one) => one.name);
    return [{ pointer: at('model'), message: `does not do ${operation}; ${whoCould(others)}` }];
  }
  return abilitiesFor(asked, catalogue)
    .filter(({ has }) => !has(offer ?? { name }))
    .map(({ field, has }) => {
      const could = whoCould(able.filter(has).map((one) => one.name));
      return {
        pointer: at(field),
        message: `is nothing that ${name} can honour; leave it out; ${could}`,
      };
    });
}

const whoCould = (models: readonly string[]): string =>
  models.length === 0 ? 'no model on offer can' : `${models.join(', ')} can`;

function completed(
  { spec, hasImage, guidanceOpen }: Asked,
  model: Model,
  catalogue: Catalogue,
): Spec {
  const { entry, offer } = model;
  if (entry === undefined) return spec;
  const { defaults } = entry;
  const size = spec.resolution === undefined ? {} : entry.resolutions[spec.resolution];
  const ofQuality =
    spec.quality === undefined ? null : (entry.qualities[spec.quality]?.steps ?? null);
  const parts = partsOf(spec, defaults.sampler, offer, catalogue);
  const draws = spec.operation === 'generate' && hasImage;
  return {
    ...spec,
    ...size,
    ...(entry.vram_bytes !== null && entry.vram_bytes > 0 && { vramBytes: entry.vram_bytes }),
    steps: spec.steps ?? ofQuality ?? defaults.steps,
    ...(guidanceOpen === true && defaults.guidance !== null ? { guidance: defaults.guidance } : {}),
    ...(draws ? { strength: spec.strength ?? defaults.strength } : {}),
    ...(parts === undefined ? {} : { parts }),
  };
}

/** The parts asked for, and the model's own sampler where its engine takes one. */
function partsOf(
  { parts }: Spec,
  sampler: CatalogueModel['defaults']['sampler'],
  offer: ModelOffer | undefined,
  catalogue: Catalogue,
): Spec['parts'] {
  const isThere = offer?.samplers?.some((each) => each === sampler) ?? true;
  const byDefault = sampler !== null && isThere && offer?.features.includes('sampler') === true;
  if (parts === undefined) return byDefault ? { sampler } : undefined;
  return {
    ...(byDefault ? { sampler } : {}),
    ...parts,
    ...engineNames(parts, catalogue),
  };
}
