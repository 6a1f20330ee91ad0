import type { ModelResource, NovitaModelQuery, NovitaModels } from '@safelight/contracts';

type NovitaModel = NovitaModels['models'][number];

/** A page of the models on offer, as `GET /v3/model` lists them. */
export function listAsked(
  offered: readonly ModelResource[],
  query: NovitaModelQuery,
): NovitaModels {
  const found = offered
    .map((model, at) => ({ model, shown: presentModel(model, at + 1) }))
    .filter((one) => matches(one, query))
    .map(({ shown }) => shown);
  const start = Number(query['pagination.cursor'].slice('c_'.length));
  const end = start + query['pagination.limit'];
  const next_cursor = end < found.length ? `c_${end}` : '';
  return { models: found.slice(start, end), pagination: { next_cursor } };
}

/** Only an upscaler does nothing but enlarge. */
const isUpscaler = ({ operations }: ModelResource) =>
  operations.length > 0 && operations.every((operation) => operation === 'upscale');

const presentModel = (model: ModelResource, id: number): NovitaModel => ({
  id,
  name: model.name,
  sd_name: model.name,
  sd_name_in_api: model.name,
  type: isUpscaler(model)
    ? { name: 'upscaler', display_name: 'Upscaler' }
    : { name: 'checkpoint', display_name: 'Checkpoint' },
  categories: [],
  status: 1,
  tags: [model.state],
  ...NOTHING_KNOWN,
});

const NOTHING_KNOWN = {
  source: '',
  base_model: '',
  base_model_type: '',
  hash_sha256: '',
  cover_url: '',
  download_url: '',
  download_url_ttl: 0,
} as const;

interface Listed {
  readonly model: ModelResource;
  readonly shown: NovitaModel;
}

/** All models here are the deployment's own: public, of no other source, and none is known as SDXL. */
function matches({ model, shown }: Listed, query: NovitaModelQuery): boolean {
  const types = query['filter.types'];
  const words = (query['filter.query'] ?? '').toLowerCase();
  return (
    query['filter.visibility'] !== 'private' &&
    query['filter.source'] === undefined &&
    query['filter.is_sdxl'] !== true &&
    (types === undefined || types.includes(shown.type.name)) &&
    (query['filter.is_inpainting'] !== true || model.operations.includes('edit')) &&
    `${model.name} ${model.description}`.toLowerCase().includes(words)
  );
}
