import { z } from 'zod';

const LIMIT_DEFAULT = 20;

/** How many entries of a list to send: `?limit=1..100`. */
export const limitParameter = z.coerce
  .number('must be a whole number from 1 to 100')
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be from 1 to 100')
  .max(100, 'must be from 1 to 100')
  .default(LIMIT_DEFAULT)
  .meta({ override: { type: 'integer', minimum: 1, maximum: 100 } });

const YEAR_MIN = 1970;
const YEAR_MAX = 9999;

/** A time, RFC 3339; in UTC once parsed. */
export const timeParameter = z.iso
  .datetime({ offset: true, message: 'must be a time like 2027-01-31T00:00:00Z' })
  .refine(
    (time) => {
      const year = new Date(time).getUTCFullYear();
      return year >= YEAR_MIN && year <= YEAR_MAX;
    },
    { message: `must lie in the years ${YEAR_MIN} to ${YEAR_MAX}`, abort: true },
  )
  .transform((time) => new Date(time).toISOString());
