import type {
  ChargeResource,
  explainCharge,
  getTimeline,
  JobView,
  LedgerEntry,
  LedgerEntryResource,
} from '@safelight/contracts';
import { formatCredits } from '@safelight/contracts';
import type { z } from 'zod';
import { presentLines } from './price-lines.js';

type Explained = z.output<typeof explainCharge.reply>;
type Timeline = z.output<typeof getTimeline.reply>['events'];

/** How an entry of the ledger is called in the API. */
export const entryTypes = {
  grant: 'grant',
  hold: 'hold',
  captured: 'capture',
  voided: 'release',
  expired: 'expiry',
  topup: 'top_up',
  refund: 'refund',
  reversal: 'reversal',
  adjustment: 'adjustment',
  grant_expired: 'grant_expiry',
  budget: 'budget_change',
} as const satisfies Record<LedgerEntry['kind'], LedgerEntryResource['type']>;

/** A charge as its customer reads it; `explained` is `null` for a job that nothing was held for. */
export function presentCharge(
  job: JobView,
  timeline: Timeline,
  explained: Explained | null,
): ChargeResource {
  const heldBy = timeline.find(({ type }) => type === 'CreditsHeld');
  const version = heldBy?.data['priceVersion'];
  return {
    job_id: job.id,
    test: job.spec.test !== undefined,
    price: formatCredits(explained?.priceMicros ?? job.priceMicros),
    price_version: explained?.priceVersion ?? (typeof version === 'string' ? version : null),
    lines: presentLines(explained?.lines ?? []),
    used: presentUse(timeline),
    hold: explained && {
      entry: explained.hold.sequence,
      event: heldBy?.sequence ?? null,
      at: explained.hold.at,
      amount: formatCredits(explained.priceMicros),
    },
    settlement: explained && presentSettlement(explained.resolution, timeline),
  };
}

const ends = {
  OutputsReported: 'completed',
  AttemptFailed: 'failed',
  AttemptStopped: 'stopped',
} as const;

const isEnd = (type: string): type is keyof typeof ends => Object.hasOwn(ends, type);

function presentUse(timeline: Timeline): ChargeResource['used'] {
  const attempts = timeline.flatMap(({ type, sequence: event, data }) => {
    if (!isEnd(type)) return [];
    const { attempt, gpuMs } = data;
    return [
      {
        ...{ attempt: Number(attempt), end: ends[type], event },
        gpu_ms: typeof gpuMs === 'number' ? gpuMs : null,
      },
    ];
  });
  const gpu_ms = attempts.reduce((sum, used) => sum + (used.gpu_ms ?? 0), 0);
  return { gpu_ms, attempts };
}

function presentSettlement(
  resolution: Explained['resolution'],
  timeline: Timeline,
): ChargeResource['settlement'] {
  if (resolution === null) return null;
  const { kind, earned, reason, at, sequence } = resolution;
  return {
    ...{ entry: sequence, at, type: entryTypes[kind], reason },
    event: timeline.find(({ type }) => type === 'CreditsSettled')?.sequence ?? null,
    captured: formatCredits(resolution.capturedMicros),
    refunded: formatCredits(resolution.refundedMicros),
    images: earned && { delivered: earned.numerator, asked: earned.denominator },
  };
}
