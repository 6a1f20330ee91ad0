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
