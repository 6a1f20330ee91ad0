import { z } from 'zod';
import { digest, instant } from '../scalars.js';
import { limitParameter } from './parameters.js';

const FORMAT = 'safelight-ledger-head-1';

/** A signed head, in exactly the fields that the offline verifier takes. */
export const ledgerHeadResource = z
  .strictObject({
    format: z.literal(FORMAT),
    /** Entries that it covers, of all accounts. */
    tree_size: z.int(),
    /** Of the Merkle tree (RFC 6962) over them. */
    root_hash: digest,
    block_height: z.int(),
    block_hash: digest,
    signed_at: instant,
    key_id: z.string(),
    /** Ed25519 over all other fields as JSON with sorted names (RFC 8785); base64url. */
    signature: z.string(),
  })
  .meta({ id: 'LedgerHead' });
export type LedgerHeadResource = z.infer<typeof ledgerHeadResource>;

export const ledgerHeadAnswer = z.strictObject({
  data: ledgerHeadResource,
  meta: z.strictObject({}),
});
export const ledgerHeadsAnswer = z.strictObject({
  data: z.array(ledgerHeadResource),
  meta: z.strictObject({ next_cursor: z.string().nullable() }),
});

const NUMBER = /^[1-9]\d{0,14}$/;

/** The query of `GET /api/v1/ledger/heads`. */
export const ledgerHeadsQuery = z.strictObject({
  limit: limitParameter,
  cursor: z
    .string('must be given once')
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine((number) => NUMBER.test(number), {
      message: 'is not a cursor of this list; pass meta.next_cursor on unchanged',
      abort: true,
    })
    .transform(Number)
    .optional(),
});
export type LedgerHeadsQuery = z.output<typeof ledgerHeadsQuery>;

/** Opaque to clients. */
export const encodeHeadCursor = (number: number): string =>
  Buffer.from(String(number)).toString('base64url');

/** A key that heads are verified by. */
export const ledgerKeysAnswer = z.strictObject({
  data: z.array(
    z.strictObject({
      key_id: z.string(),
      algorithm: z.literal('Ed25519'),
      /** SPKI, DER, base64. */
      public_key: z.string(),
      /** What the signature covers. */
      signs: z.string(),
    }),
  ),
  meta: z.strictObject({}),
});

const SIZE_MAX = 1e15;

/** A whole number in a query. */
const count = (least: number) =>
  z
    .string('must be given once')
    .regex(/^\d{1,16}$/, `must be a whole number from ${least} on`)
    .transform(Number)
    .refine(
      (number) => number >= least && number <= SIZE_MAX,
      `must be a whole number from ${least} to ${SIZE_MAX}`,
    )
    .meta({ override: { type: 'integer', minimum: least, maximum: SIZE_MAX } });

/** The query of `GET /api/v1/account/ledger/inclusion`. */
export const inclusionQuery = z.strictObject({
  /** Of the entry in your ledger. */
  sequence: count(1),
  /** Of a signed head; of the newest when left out. */
  tree_size: count(1).optional(),
});
export type InclusionQuery = z.output<typeof inclusionQuery>;

export const inclusionAnswer = z.strictObject({
  data: z.strictObject({
    /** The entry exactly as it is stored: the tree holds the hash of these bytes (UTF-8). */
    leaf: z.string(),
    leaf_index: z.int(),
    tree_size: z.int(),
    /** From the leaf’s neighbour up. */
    path: z.array(digest),
    head: ledgerHeadResource,
  }),
  meta: z.strictObject({}),
});

/** The query of `GET /api/v1/ledger/consistency`. */
export const consistencyQuery = z
  .strictObject({
    /** `tree_size` of the older head. */
    from: count(1),
    /** `tree_size` of the newer one. */
    to: count(1),
  })
  .refine(({ from, to }) => from <= to, { message: 'must be at most to', path: ['from'] });
export type ConsistencyQuery = z.output<typeof consistencyQuery>;

/** The parameters of `consistencyQuery` one by one, for the document. */
export const consistencyParameters = z.strictObject({ from: count(1), to: count(1) });

export const consistencyAnswer = z.strictObject({
  data: z.strictObject({ from: z.int(), to: z.int(), path: z.array(digest) }),
  meta: z.strictObject({}),
});
