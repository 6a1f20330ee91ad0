import type { ModelOffer, ModelParts, PartKind } from '@safelight/contracts';
import type { FieldFault } from '../http/problem.js';
import { engineNameOf, isThere, type Catalogue } from './catalogue.js';
import type { CatalogueModel, CataloguePart } from './document.js';
import type { At } from './limits-of-model.js';
import { nearest } from './nearest.js';

/** A part as a request names it, and where. */
interface Named {
  readonly kind: PartKind;
  readonly name: string;
  readonly field: string;
  readonly preprocessor?: { readonly name: string; readonly field: string };
}

/** Names are looked for that are like a wrong one, for so many of a request: it takes a while. */
const MOST_HINTED = 2;

/** What the parts are to be used with. */
export interface Use {
  readonly model: string;
  /** `undefined` where the catalogue does not know the model. */
  readonly entry: CatalogueModel | undefined;
  readonly offer: Pick<ModelOffer, 'parts'> | undefined;
}

/** Parts that there are not, that do not fit the model, or that no worker with the model has. */
export function faultsOfParts(
  parts: ModelParts,
  use: Use,
  catalogue: Catalogue,
  at: At,
): FieldFault[] {
  let faulty = 0;
  return namedIn(parts).flatMap((named) => {
    const message = faultOf(named, { ...use, hints: faulty < MOST_HINTED }, catalogue);
    if (message !== undefined) faulty += 1;
    if (message !== undefined) return { pointer: at(named.field), message };
    const { preprocessor } = named;
    const able = catalogue.part(named.name)?.preprocessors ?? [];
    if (preprocessor === undefined || able.includes(preprocessor.name)) return [];
    const remedy = able.length === 0 ? 'leave it out' : `choose one of ${able.join(', ')}`;
    const wrong = `is nothing that ${named.name} is used with; ${remedy}`;
    return { pointer: at(preprocessor.field), message: wrong };
  });
}

/** What the engine calls those of the parts that have another name there; nothing without any. */
export function engineNames(parts: ModelParts, catalogue: Catalogue): Pick<ModelParts, 'names'> {
  const pairs = namedIn(parts).flatMap(({ name }): [string, string][] => {
    const part = catalogue.part(name);
    if (part === undefined || engineNameOf(part) === name) return [];
    return [[name, engineNameOf(part)]];
  });
  return pairs.length === 0 ? {} : { names: Object.fromEntries(pairs) };
}

function namedIn({
  vae,
  loras = [],
  embeddings = [],
  ipAdapters = [],
  controls = [],
}: ModelParts): Named[] {
  const list = (kind: PartKind, field: string, entries: readonly { model: string }[]): Named[] =>
    entries.map(({ model }, index) => ({ kind, name: model, field: `${field}/${index}/model` }));
  const units = controls.map(({ model, preprocessor }, index): Named => {
    const unit = `controlnet/units/${index}`;
    const named: Named = { kind: 'controlnet', name: model, field: `${unit}/model` };
    if (preprocessor === undefined) return named;
    return { ...named, preprocessor: { name: preprocessor, field: `${unit}/preprocessor` } };
  });
  const one: Named[] = vae === undefined ? [] : [{ kind: 'vae', name: vae, field: 'vae' }];
  return [
    ...one,
    ...list('lora', 'loras', loras),
    ...list('embedding', 'embeddings', embeddings),
    ...list('ip_adapter', 'ip_adapters', ipAdapters),
    ...units,
  ];
}

const called: Readonly<Record<PartKind, string>> = {
  lora: 'LoRA',
  embedding: 'embedding',
  vae: 'VAE',
  controlnet: 'ControlNet',
  ip_adapter: 'IP-Adapter',
};

const withArticle: Readonly<Record<PartKind, string>> = {
  lora: 'a LoRA',
  embedding: 'an embedding',
  vae: 'a VAE',
  controlnet: 'a ControlNet',
  ip_adapter: 'an IP-Adapter',
};

function faultOf(
  { kind, name }: Named,
  use: Use & { readonly hints: boolean },
  catalogue: Catalogue,
): string | undefined {
  const { model, entry, offer, hints } = use;
  if (entry === undefined) {
    return `cannot be checked: nobody has said what base ${model} has; choose a model whose base GET /api/v1/models tells`;
  }
  const fitting = catalogue.parts
    .filter((part) => part.kind === kind && part.bases.includes(entry.base))
    .map((part) => part.name);
  const part = catalogue.part(name);
  if (part?.kind !== kind) return notThere(name, { kind, part, fitting, model, hints });
  if (!part.bases.includes(entry.base)) {
    return `is made for ${part.bases.join(', ')}, and ${model} is ${entry.base}; ${instead(kind, fitting)}`;
  }
  if (offer !== undefined && !isThere(part, offer)) {
    return `is not on the workers that serve ${model} now; ${instead(kind, without(fitting, name))}`;
  }
  return undefined;
}

interface Missing {
  readonly kind: PartKind;
  readonly part: CataloguePart | undefined;
  readonly fitting: readonly string[];
  readonly model: string;
  readonly hints: boolean;
}

function notThere(name: string, { kind, part, fitting, model, hints }: Missing): string {
  const what =
    part === undefined
      ? `is no ${called[kind]} here`
      : `is no ${called[kind]} but ${withArticle[part.kind]}`;
  const near = hints ? nearest(name, fitting) : [];
  if (near.length > 0) return `${what}; did you mean ${near.join(' or ')}?`;
  const remedy =
    fitting.length === 0 ? instead(kind, fitting) : `with ${model}, ${instead(kind, fitting)}`;
  return `${what}; ${remedy}`;
}

const MOST_NAMED = 8;
const without = (names: readonly string[], name: string) => names.filter((one) => one !== name);

function instead(kind: PartKind, fitting: readonly string[]): string {
  if (fitting.length === 0) return `no ${called[kind]} here fits this model; leave it out`;
  const more = fitting.length > MOST_NAMED ? ', and others that GET /api/v1/models lists' : '';
  return `choose one that fits it: ${fitting.slice(0, MOST_NAMED).join(', ')}${more}`;
}
