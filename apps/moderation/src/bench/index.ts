/** What the repository's benchmarks need of moderation; no service imports this. */
export { activate } from '../policy/active-policy.js';
export { policyV1 } from '../policy/policy.v1.js';
export { corpora, longest, type Corpus } from './corpora.js';
export {
  benign,
  evasions,
  heldOut,
  intents,
  inventedPerson,
  isRefusedByScript,
  known,
  recallOf,
  refusedOf,
  type Benign,
  type Evasion,
  type Screens,
  type Share,
  type Tally,
} from '../probe/index.js';
export { candidate, storeDecisions } from './stored-decisions.js';
export { drill, type DrillResult } from '../trust/takedown/drill.js';
export { checkMatrix, type MatrixResult } from '../combination/check-matrix.js';
export { combine } from '../combination/combine.js';
export { cellCount, contextCount } from '../combination/matrix.js';
export { RISE } from '../combination/outputs.js';
export { PictureModels, type PictureLooks } from '../images/picture-models.js';
export type { PictureSignals } from '../images/signals.js';
export { photosOfPeople, type Photo } from './people.js';
export { things, type Thing } from './things.js';
export { mosaics, type PictureTransform, transforms } from './transforms.js';
