import type { ModelResource, NovitaModelQuery, NovitaModels } from '@safelight/contracts';
import type { CataloguePart } from '../../catalogue/document.js';

type NovitaModel = NovitaModels['models'][number];
type Type = NovitaModel['type']['name'];

/** What `GET /v3/model` can list: the models on offer, and the parts that fit some of them. */
export interface OnOffer {
  readonly models: readonly ModelResource[];
  readonly parts: readonly CataloguePart[];
}

/** A page of what is on offer, as `GET /v3/model` lists it. */
export function listAsked(offered: OnOffer, query: NovitaModelQuery): NovitaModels {
  const found = entriesOf(offered)
    .map((entry, at) => ({ ...entry, id: at + 1 }))
    .filter((entry) => matches(entry, query))
    .map(presentEntry);
  const start = Number(query['pagination.cursor'].slice('c_'.length));
  const end = start + query['pagination.limit'];
  const next_cursor = end < found.length ? `c_${end}` : '';
  return { models: found.slice(start, end), pagination: { next_cursor } };
}

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly type: Type;
  /** One, or for a part those of all the models that it fits. */
  readonly bases: readonly string[];
  readonly source: string;
  readonly sha256: string;
  readonly tags: readonly string[];
  readonly repaints: boolean;
}

const entriesOf = ({ models, parts }: OnOffer): Entry[] => [
  ...models.map(ofModel),
  ...parts.flatMap(ofPart),
];

/** Only an upscaler does nothing but enlarge. */
const isUpscaler = ({ operations }: ModelResource) =>
  operations.length > 0 && operations.every((operation) => operation === 'upscale');

const ofModel = (model: ModelResource): Entry => ({
  ...{ name: model.name, description: model.description, source: '', sha256: '' },
  type: isUpscaler(model) ? 'upscaler' : 'checkpoint',
  bases: model.base === null ? [] : [model.base],
  tags: [model.state],
  repaints: model.operations.includes('edit'),
});

/** IP-Adapters have no type of their own in this dialect: none is listed, and each can be named. */
const typeOf: Readonly<Record<CataloguePart['kind'], Type | undefined>> = {
  lora: 'lora',
  vae: 'vae',
  controlnet: 'controlnet',
  embedding: 'textualinversion',
  ip_adapter: undefined,
};

function ofPart({ kind, name, description, bases, source, sha256 }: CataloguePart): Entry[] {
  const type = typeOf[kind];
  if (type === undefined) return [];
  const known = { source: source ?? '', sha256: sha256 ?? '' };
  return [{ name, description, type, bases, ...known, tags: [], repaints: false }];
}

const displayNames: Readonly<Record<Type, string>> = {
  checkpoint: 'Checkpoint',
  upscaler: 'Upscaler',
  lora: 'LoRA',
  vae: 'VAE',
  controlnet: 'ControlNet',
  textualinversion: 'Textual inversion',
};

const presentEntry = ({ id, name, type, bases, source, sha256, tags }: Numbered): NovitaModel => ({
  ...{ id, name, sd_name: name, sd_name_in_api: name },
  type: { name: type, display_name: displayNames[type] },
  ...{ categories: [], status: 1, tags: [...tags], source },
  base_model: bases.join(', '),
  base_model_type: '',
  hash_sha256: sha256,
  ...NOTHING_KNOWN,
});

const NOTHING_KNOWN = { cover_url: '', download_url: '', download_url_ttl: 0 } as const;

type Numbered = Entry & { readonly id: number };

const SDXL = /^sdxl/;

/** Everything here is the deployment's own and open to all of its accounts. */
function matches(entry: Numbered, query: NovitaModelQuery): boolean {
  const types = query['filter.types'];
  const source = query['filter.source'];
  const isSdxl = query['filter.is_sdxl'];
  const words = (query['filter.query'] ?? '').toLowerCase();
  return (
    query['filter.visibility'] !== 'private' &&
    (source === undefined || source === entry.source) &&
    (isSdxl === undefined || isSdxl === entry.bases.some((base) => SDXL.test(base))) &&
    (types === undefined || types.includes(entry.type)) &&
    (query['filter.is_inpainting'] !== true || entry.repaints) &&
    `${entry.name} ${entry.description}`.toLowerCase().includes(words)
  );
}
