import type { ModelOffer, PartKind } from '@safelight/contracts';
import type {
  CatalogueDocument,
  CatalogueModel,
  CataloguePart,
  OptionalField,
} from './document.js';

/** The field of a request in which a part of each kind is named; also the feature it needs. */
export const fieldOf = {
  lora: 'loras',
  embedding: 'embeddings',
  vae: 'vae',
  controlnet: 'controlnet',
  ip_adapter: 'ip_adapters',
} as const satisfies Record<PartKind, OptionalField>;

/** What the deployment's models and the parts beside them are; whether they are on offer is told elsewhere. */
export class Catalogue {
  readonly parts: readonly CataloguePart[];
  private readonly models: ReadonlyMap<string, CatalogueModel>;

  constructor(document: Pick<CatalogueDocument, 'models' | 'parts'>) {
    this.models = new Map(document.models.map((model) => [model.name, model]));
    this.parts = document.parts;
  }

  model(name: string): CatalogueModel | undefined {
    return this.models.get(name);
  }

  part(name: string): CataloguePart | undefined {
    return this.parts.find((part) => part.name === name);
  }

  /** What an offered model can be asked to use: of its base, honoured by its engine, and there. */
  partsFor(offer: ModelOffer): CataloguePart[] {
    const entry = this.model(offer.name);
    if (entry === undefined) return [];
    const features = featuresOn(offer, entry);
    return this.parts.filter(
      (part) =>
        part.bases.includes(entry.base) &&
        features.includes(fieldOf[part.kind]) &&
        isThere(part, offer),
    );
  }
}

/** What both the engine honours and the catalogue allows. */
export const featuresOn = (
  { features }: Pick<ModelOffer, 'features'>,
  entry: CatalogueModel | undefined,
): string[] =>
  entry === undefined
    ? [...features]
    : features.filter((one) => entry.features.some((allowed) => allowed === one));

export const engineNameOf = ({ name, engine_name }: CataloguePart): string => engine_name ?? name;

/** Engines that do not say what they have are believed to have it. */
export const isThere = (part: CataloguePart, { parts }: Pick<ModelOffer, 'parts'>): boolean =>
  parts === undefined || parts.includes(engineNameOf(part));
