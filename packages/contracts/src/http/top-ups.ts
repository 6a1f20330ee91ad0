import { z } from 'zod';
import { developmentOutcome, packageName, topUpStatus } from '../payments.js';
import { instant, topUpId } from '../scalars.js';
import { limitParameter } from './parameters.js';

const credits = z.string().meta({ description: 'Credits, a decimal string of up to 6 places' });
const usd = z.string().meta({ description: 'US dollars, a decimal string with two places' });
const packageField = packageName.meta({
  description:
    'small: 250 credits for 10.00 USD; medium: 1,000 for 40.00; large: 3,000 for 108.00; extra_large: 10,000 for 360.00',
});

const URL_MAX = 2048;
const isWebPage = (value: string): boolean =>
  value.length <= URL_MAX && URL.canParse(value) && new URL(value).protocol === 'https:';

/** The body of `POST /api/v1/account/top-ups`. */
export const topUpRequest = z.strictObject({
  package: packageField,
  save_payment_method: z
    .boolean('must be true or false')
    .default(false)
    .meta({ description: 'Keep the means of payment for automatic top-ups' }),
  return_url: z
    .string('must be an address that begins with https://')
    .refine(isWebPage, `must begin with https:// and have at most ${URL_MAX} characters`)
    .optional()
    .meta({
      description: 'Where the payment page leads afterwards; the reference by default',
      override: { format: 'uri', maxLength: URL_MAX },
    }),
});
export type TopUpRequest = z.output<typeof topUpRequest>;

/** A purchase; a payment provider's signed webhook completes it. */
export const topUpResource = z.strictObject({
  id: z.string(),
  status: topUpStatus,
  package: packageName,
  origin: z.enum(['checkout', 'automatic']),
  credits,
  usd,
  refunded_usd: usd,
  disputed_usd: usd,
  reason: z.string().nullable().meta({ description: 'Why it failed' }),
  /** Where the customer pays, while that can still be done. */
  checkout_url: z.string().nullable(),
  created_at: instant,
  paid_at: instant.nullable(),
});
export type TopUpResource = z.infer<typeof topUpResource>;

/** Cursors are opaque to clients: the last id seen, in base64url. */
export const encodeTopUpCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** The query of `GET /api/v1/account/top-ups`. */
export const topUpsQuery = z.strictObject({
  limit: limitParameter,
  cursor: z
    .string('must be given once')
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine((id) => topUpId.safeParse(id).success, {
      message: 'is not a cursor of this list; pass meta.next_cursor on unchanged',
      abort: true,
    })
    .optional(),
});
export type TopUpsQuery = z.output<typeof topUpsQuery>;

/** What the payment provider posts; its bytes are signed, so nothing here reads them. */
export const paymentEventBody = z.looseObject({});

/** The body of the development provider's page. */
export const playPaymentRequest = z.strictObject({
  outcome: developmentOutcome.default('paid'),
});
export type PlayPaymentRequest = z.output<typeof playPaymentRequest>;

const amount = (shape: RegExp, least: number) =>
  z
    .string('must be credits as a decimal string, e.g. "100"')
    .regex(
      shape,
      `must be credits as a decimal string, from ${least}, with at most 7 digits before and 6 after the point`,
    )
    .meta({ description: 'Credits, a decimal string of up to 6 places' });
const threshold = amount(/^[1-9]\d{0,6}(\.\d{1,6})?$/, 1);
const monthlyCap = amount(/^\d{1,7}(\.\d{1,6})?$/, 0);

/** The body of `PUT /api/v1/account/auto-top-up`. */
export const autoTopUpRequest = z.strictObject({
  enabled: z.boolean('must be true or false'),
  package: packageField,
  threshold,
  monthly_cap: monthlyCap,
});
export type AutoTopUpRequest = z.output<typeof autoTopUpRequest>;

export const autoTopUpResource = z.strictObject({
  enabled: z.boolean(),
  package: packageName.nullable(),
  threshold: credits.nullable(),
  monthly_cap: credits.nullable(),
  disabled_reason: z.string().nullable(),
  /** The top-up that is being paid now. */
  in_flight: z.string().nullable(),
});
export type AutoTopUpResource = z.infer<typeof autoTopUpResource>;
