import { instant, jobOperation, parseCredits } from '@safelight/contracts';
import { z } from 'zod';

/** The smallest price of a unit: 0.0001 credits. With the largest discounts it is still above zero. */
const LEAST_UNIT_MICROS = 100n;
const MOST_DISCOUNT_PERCENT = 90;
const MOST_SURCHARGE_PERCENT = 1_000;

/** Credits as a decimal string with up to 6 places; micro-credits once parsed. Never a JSON number. */
const credits = z
  .string('must be credits as a decimal string, like "0.0375"')
  .regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'must be credits as a decimal string, like "0.0375"')
  .transform(parseCredits);

const unitPrice = credits.refine(
  (amountMicros) => amountMicros >= LEAST_UNIT_MICROS,
  'must be at least "0.0001", so that no discount can make it nothing',
);

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be lower-case letters, digits, dots and dashes');

const surcharge = z.strictObject({
  surcharge_percent: z.int().min(0).max(MOST_SURCHARGE_PERCENT),
});
const discount = z.strictObject({
  discount_percent: z.int().min(0).max(MOST_DISCOUNT_PERCENT),
});

const rule = z.strictObject({
  /** Told with every line that it makes. */
  id: slug,
  operations: z.array(jobOperation).min(1),
  /** Full model name, or a prefix that ends in `*`. */
  models: z
    .string()
    .regex(/^[^*]{0,200}\*?$/, 'must be a full name, or a prefix that ends in *')
    .min(1),
  /** For requests with one of these hints alone; for all where left out. */
  quality: z
    .array(z.enum(['medium', 'high']))
    .min(1)
    .optional(),
  resolution: z
    .array(z.enum(['1k', '2k', '4k', '8k']))
    .min(1)
    .optional(),
  /** What one unit is; of `second`, every started one of each image or video. */
  per: z.enum(['image', 'second']),
  /** Pixels in one block; every started block is charged. */
  block_pixels: z
    .int()
    .min(1)
    .max(2 ** 30),
  /** For one unit of one block. */
  credits: unitPrice,
  /** The highest tier that the steps are above applies. */
  steps: z
    .array(z.strictObject({ above: z.int().min(1), ...surcharge.shape }))
    .refine(
      (tiers) => tiers.every(({ above }, at) => at === 0 || above > (tiers[at - 1]?.above ?? 0)),
      'must be in rising order of above',
    )
    .refine(
      (tiers) =>
        tiers.every(
          (tier, at) =>
            at === 0 || tier.surcharge_percent >= (tiers[at - 1]?.surcharge_percent ?? 0),
        ),
      'must not become cheaper with more steps',
    )
    .default([]),
});

const change = z.union([discount, surcharge]);

/** A price book as it is written, reviewed and stored: docs/prices.md. Nothing in it is a fraction. */
export const priceDocument = z
  .strictObject({
    format: z.literal(1),
    version: slug,
    /** From when on it is in force, until another one is. */
    effective_from: instant,
    /** For people: what changes, and why. */
    note: z.string().max(500),
    /** What is for sale; each has a rule for every model. */
    sells: z.array(jobOperation).min(1),
    /** What the book before it sold and this one, on purpose, does not. */
    withdraws: z.array(jobOperation).default([]),
    /** The first that fits applies. */
    rules: z.array(rule).min(1).max(500),
    add_ons: z.strictObject({
      /** For each image whose findings are told. */
      output_detection: z.strictObject({ credits }),
    }),
    lanes: z.strictObject({ interactive: change, standard: change, batch: change }),
    /** By name of the account's plan; others get nothing off. */
    plans: z.record(slug, discount).default({}),
  })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    message: 'must each have an id of their own',
    path: ['rules'],
  });
export type PriceDocument = z.output<typeof priceDocument>;
export type PriceRule = PriceDocument['rules'][number];
/** As it stands in a file. */
export type WrittenPrices = z.input<typeof priceDocument>;
