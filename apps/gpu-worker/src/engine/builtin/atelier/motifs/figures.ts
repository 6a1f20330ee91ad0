import type { MotifName } from '../reading/terms.js';
import * as animals from './animals.js';
import type { Figure } from './figure.js';
import * as fliers from './fliers.js';
import * as plants from './plants.js';
import * as structures from './structures.js';
import * as things from './things.js';
import * as waterlife from './waterlife.js';

/** Every motif that is a drawn figure; trees grow by rule, sun and moon belong to the sky. */
export const figures: Partial<Record<MotifName | 'rowboat' | 'snowyPine', Figure>> = {
  ...animals,
  ...fliers,
  ...plants,
  ...structures,
  ...things,
  ...waterlife,
};
