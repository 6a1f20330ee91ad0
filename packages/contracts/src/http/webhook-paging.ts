import { z } from 'zod';

/** How many entries a page has. */
export const pageLimit = z.coerce
  .number('must be a whole number from 1 to 100')
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be from 1 to 100')
  .max(100, 'must be from 1 to 100')
  .default(20);

/** Cursors are opaque to clients: the id of the last entry seen, in base64url. */
export const cursorOf = (prefix: string) =>
  z
    .string()
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine(
      (id) => new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(id),
      'is not a cursor of this list; pass meta.next_cursor on unchanged',
    )
    .optional();
