import { randomInt } from 'node:crypto';

const SEED_LIMIT = 2 ** 32;

/** -1 asks for a random seed; the one drawn here is what the job reports. */
export const chooseSeed = (asked: number): number => (asked === -1 ? randomInt(SEED_LIMIT) : asked);
