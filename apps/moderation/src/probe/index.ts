export { benign, type Benign } from './benign/benign.js';
export { evasions, type Evasion } from './corpus.js';
export { heldOut } from './held-out.js';
export { intents, inventedPerson } from './intents/intents.js';
export { known } from './known.js';
export {
  isRefusedByScript,
  recallOf,
  refusedOf,
  type Screens,
  type Share,
  type Tally,
} from './measure.js';
