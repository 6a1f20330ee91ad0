import { parseModelList, type ModelList } from '../model-list.js';

/** A list with one model, as an operator may describe it. */
export const described = (
  model: Readonly<Record<string, unknown>> = {},
  others: readonly Readonly<Record<string, unknown>>[] = [],
  more: Readonly<Record<string, unknown>> = {},
): ModelList =>
  parseModelList(
    {
      models: [{ ...plainModel, ...model }, ...others.map((one) => ({ ...plainModel, ...one }))],
      ...more,
    },
    'test',
  );

const plainModel = {
  ...{ name: 'house/one', engine_name: 'test-model', description: 'Pictures' },
  ...{ operations: ['generate', 'edit'], max_width: 1_024, max_height: 1_024 },
  ...{ default_steps: 20, gpu_seconds_per_megapixel_step: 0.1 },
};
