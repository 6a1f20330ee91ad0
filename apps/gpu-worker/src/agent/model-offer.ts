import type { EngineModel } from '../engine/engine.js';

/** What the engine says of a model, in the words of the contract. */
export const offerOf = (offered: EngineModel) => {
  const { operations, features = [], parts, samplers, requires = [], ...rest } = offered;
  const { withoutNegative, withoutAutomask, ...model } = rest;
  const lacks = [
    ...(withoutNegative === true ? ['negative_prompt' as const] : []),
    ...(withoutAutomask === true ? ['automask' as const] : []),
  ];
  return {
    ...{ ...model, lacks, requires: [...requires] },
    ...(samplers === undefined ? {} : { samplers: [...samplers] }),
    operations: [...operations],
    features: [...features],
    ...(parts === undefined ? {} : { parts: [...parts] }),
  };
};
