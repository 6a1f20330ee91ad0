export { bitsSet, BYTES, distance, hashOfHex, hexOf, type Hash, WORDS } from './hash.js';
export type { Luminance } from './box-filter.js';
export { orientations, pdqOf, type Pdq } from './pdq.js';
export { pdqOfPicture } from './picture.js';
export {
  type Near,
  NearIndex,
  type NearTables,
  nearTables,
  SAME_WITHIN,
  TABLES_FROM,
  wordsFor,
} from './near-index.js';
