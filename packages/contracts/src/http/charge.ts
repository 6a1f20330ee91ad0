import { z } from 'zod';
import { instant } from '../scalars.js';

/** Credits as a decimal string with up to 6 places. */
const credits = z.string();

/** A line of a price; `amount` is below zero for a discount. */
export const priceLineResource = z
  .strictObject({
    /** Which part of the price book says so. */
    rule: z.string(),
    what: z.string(),
    quantity: z.int(),
    unit: credits,
    amount: credits,
  })
  .meta({ id: 'PriceLine' });

/** Where an effect stands: in `GET /api/v1/account/ledger`, and in the job's own timeline. */
const place = {
  /** `sequence` of the ledger entry. */
  entry: z.int(),
  /** `sequence` of the event in `GET /api/v1/jobs/{id}/events`; `null` until that is told there. */
  event: z.int().nullable(),
  at: instant,
};

/** What an attempt used, whether or not anything came of it; only `completed` ones are paid for. */
const usedAttempt = z.strictObject({
  attempt: z.int(),
  /** `stopped`: the job had ended otherwise meanwhile, by its cancellation for example. */
  end: z.enum(['completed', 'failed', 'stopped']),
  /** Milliseconds that an engine worked; `null` where its worker could not say. */
  gpu_ms: z.int().nullable(),
  /** `sequence` of the event in `GET /api/v1/jobs/{id}/events`. */
  event: z.int(),
});

/** Why a job cost what it cost, as `GET /api/v1/jobs/{id}/charge` tells it. */
export const chargeResource = z
  .strictObject({
    job_id: z.string(),
    /** Made with a test key: nothing was held, and the price is what it would have been. */
    test: z.boolean(),
    price: credits,
    /** The version of the price book that the price is from. */
    price_version: z.string().nullable(),
    lines: z.array(priceLineResource),
    /**
     * What was used for it, and what of that is paid for is said by `settlement`. An attempt that is
     * stopped says so a moment after the job's end.
     */
    used: z.strictObject({ gpu_ms: z.int(), attempts: z.array(usedAttempt) }),
    hold: z.strictObject({ ...place, amount: credits }).nullable(),
    settlement: z
      .strictObject({
        ...place,
        type: z.enum(['capture', 'release', 'expiry']),
        captured: credits,
        refunded: credits,
        /** The part that was earned, of those asked for; `null` where nothing was. */
        images: z.strictObject({ delivered: z.int(), asked: z.int() }).nullable(),
        /** What gave it back: `job.cancelled`, `output.blocked` and the like. */
        reason: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Charge' });
export type ChargeResource = z.infer<typeof chargeResource>;
export const chargeAnswer = z.strictObject({ data: chargeResource, meta: z.strictObject({}) });
