import type { AskedSpec, JobOperation, ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';

/** What a job asks of a model. `needs`: fields of the request that only some models honour. */
export interface Demand {
  readonly spec: Pick<
    AskedSpec,
    'operation' | 'model' | 'width' | 'height' | 'inputs' | 'scale' | 'seconds' | 'fps'
  > &
    Partial<Pick<AskedSpec, 'automask' | 'parts'>>;
  readonly needs: readonly string[];
  /** The pool that the job names: what is on offer is what its workers have. */
  readonly pool?: string | undefined;
}

/**
 * The model that serves a job: the one that was named, or else the deployment's default if it does
 * this, or else the first on offer that does.
 *
 * @param offers everything on offer, at least one; several of a model where pools differ
 * @param test for a test key, which may not use all there is
 * @returns those offers of it that the job fits, at least one
 * @throws DomainError `model.unknown`, `pool.cannot` with the models of the pool, `model.cannot` with the models that could, `model.unsupported`
 *   with the limit, `model.needs` with the picture, `operation.unserved` when nobody does this at all
 */
export function offersFor(
  offers: readonly ModelOffer[],
  { spec, needs, pool }: Demand,
  preferred: string | undefined,
  test = false,
): [ModelOffer, ...ModelOffer[]] {
  const { name } =
    spec.model === null
      ? byOperation(offers, spec, preferred)
      : byName(offers, spec, { test, pool });
  const able: ModelOffer[] = [];
  let refusal: unknown;
  for (const offer of offers.filter((each) => each.name === name)) {
    try {
      requireFit(offer, offers, { spec, needs });
      able.push(offer);
    } catch (error) {
      refusal ??= error;
    }
  }
  const [first, ...others] = able;
  if (first === undefined) throw refusal;
  return [first, ...others];
}

function requireFit(offer: ModelOffer, offers: readonly ModelOffer[], demand: Demand): void {
  requireAbilities(offer, offers, demand);
  requirePictures(offer, offers, demand);
  requireSampler(offer, offers, demand);
  requireSize(offer, demand.spec);
  requireLength(offer, demand.spec);
}

function byName(
  offers: readonly ModelOffer[],
  { model }: Demand['spec'],
  { test, pool }: { test: boolean; pool: string | undefined },
): ModelOffer {
  const offer = offers.find(({ name }) => name === model);
  if (offer !== undefined) return offer;
  const models = namesOf(offers);
  if (pool !== undefined) throw new DomainError('pool.cannot', { pool, model, models });
  throw new DomainError('model.unknown', { model, models, test });
}

function byOperation(
  offers: readonly ModelOffer[],
  spec: Demand['spec'],
  preferred: string | undefined,
): ModelOffer {
  const { operation } = spec;
  const able = offers.filter(({ operations }) => operations.includes(operation));
  // Nobody asked for one that needs another picture.
  const fed = able.filter((one) => missing(one, spec).length === 0);
  const among = fed.length === 0 ? able : fed;
  const offer = among.find(({ name }) => name === preferred) ?? among[0];
  if (offer !== undefined) return offer;
  const operations = [...new Set(offers.flatMap((one) => one.operations))];
  throw new DomainError('operation.unserved', { operation, operations });
}

/** Each ability that a job needs: the field that asks for it, and whether a model has it. */
function abilitiesFor({ spec, needs }: Demand) {
  const does = (operation: JobOperation) => (offer: ModelOffer) =>
    offer.operations.includes(operation);
  const fromImage = spec.operation === 'generate' && imageAmong(spec.inputs) !== undefined;
  return [
    { field: 'model', has: does(spec.operation) },
    // Who can repaint a picture can begin with one.
    ...(fromImage ? [{ field: 'image', has: does('edit') }] : []),
    ...needs.map((field) => ({
      field,
      has: ({ features, lacks }: ModelOffer) =>
        field === 'negative_prompt' ? !lacks.includes(field) : features.includes(field),
    })),
    ...(spec.automask == null
      ? []
      : [{ field: 'automask', has: ({ lacks }: ModelOffer) => !lacks.includes('automask') }]),
  ];
}

function requireAbilities(offer: ModelOffer, offers: readonly ModelOffer[], demand: Demand): void {
  for (const { field, has } of abilitiesFor(demand)) {
    if (has(offer)) continue;
    const models = namesOf(offers.filter(has));
    const { operation } = demand.spec;
    throw new DomainError('model.cannot', { model: offer.name, field, operation, models });
  }
}

/** A sampler is not only honoured or not: an engine has some of them. */
function requireSampler(offer: ModelOffer, offers: readonly ModelOffer[], { spec }: Demand): void {
  const sampler = spec.parts?.sampler;
  const has = ({ samplers }: ModelOffer) =>
    sampler === undefined || samplers === null || samplers.includes(sampler);
  if (has(offer)) return;
  const able = offers.filter(({ operations, features }) =>
    [operations.includes(spec.operation), features.includes('sampler')].every(Boolean),
  );
  const choices = offer.samplers;
  const refused = { model: offer.name, field: 'sampler', operation: spec.operation, choices };
  throw new DomainError('model.cannot', { ...refused, models: namesOf(able.filter(has)) });
}

/** The pictures that a model needs and the job does not bring. */
const missing = ({ requires }: ModelOffer, { inputs }: Demand['spec']) =>
  requires.filter((needed) => !inputs.some(({ role }) => role === needed));

function requirePictures(offer: ModelOffer, offers: readonly ModelOffer[], { spec }: Demand): void {
  const [field] = missing(offer, spec);
  if (field === undefined) return;
  const able = offers.filter((one) => one.operations.includes(spec.operation));
  const models = namesOf(able.filter((one) => missing(one, spec).length === 0));
  throw new DomainError('model.needs', { model: offer.name, field, models });
}

function requireLength(offer: ModelOffer, { seconds, fps }: Demand['spec']): void {
  const unsupported = (field: string, limit: number | null) =>
    new DomainError('model.unsupported', { model: offer.name, field, limit });
  const { maxSeconds, maxFps } = offer;
  if (seconds !== null && maxSeconds !== null && seconds > maxSeconds) {
    throw unsupported('seconds', maxSeconds);
  }
  if (fps !== null && maxFps !== null && fps > maxFps) throw unsupported('fps', maxFps);
}

function requireSize(offer: ModelOffer, { width, height, inputs, scale }: Demand['spec']): void {
  const unsupported = (field: string, limit: unknown) =>
    new DomainError('model.unsupported', { model: offer.name, field, limit });
  const { maxInputPixels, maxWidth, maxHeight } = offer;
  for (const { role, width: across, height: down } of inputs) {
    if (across * down <= maxInputPixels) continue;
    throw unsupported(fieldOf[role] ?? role, `${maxInputPixels} pixels`);
  }
  if (width <= maxWidth && height <= maxHeight) return;
  // What was drawn from an image has its size: there is no other field to change.
  if (sizeIsOfImage({ width, height, inputs, scale })) {
    const [across, down] = [maxWidth, maxHeight].map((most) => Math.floor(most / (scale ?? 1)));
    const at = scale === null ? '' : ` at a scale of ${scale}`;
    throw unsupported(imageAmong(inputs)?.role ?? 'image', `${across} x ${down} pixels${at}`);
  }
  throw width > maxWidth ? unsupported('width', maxWidth) : unsupported('height', maxHeight);
}

type Sized = Pick<Demand['spec'], 'width' | 'height' | 'inputs' | 'scale'>;
function sizeIsOfImage({ width, height, inputs, scale }: Sized): boolean {
  const image = imageAmong(inputs);
  if (image === undefined) return false;
  return image.width * (scale ?? 1) === width && image.height * (scale ?? 1) === height;
}

/** What a job begins with; pictures that only guide it are others. */
const imageAmong = (inputs: Sized['inputs']) =>
  inputs.find(({ role }) => role === 'image' || role === 'video');

/** Fields of a request that hold the pictures of a role, where it is not the role's own name. */
const fieldOf: Partial<Record<Sized['inputs'][number]['role'], string>> = {
  reference: 'ip_adapters',
  control: 'controlnet',
};

const namesOf = (offers: readonly ModelOffer[]) => [...new Set(offers.map(({ name }) => name))];
