import { DomainError } from '@safelight/event-sourcing';
import { formatCredits } from '@safelight/contracts';
import { Unavailable } from '@safelight/messaging';
import { isUnreachable } from '@safelight/postgres';
import { creditRefusals } from './credit-refusals.js';
import { nothingForSale } from './nothing-for-sale.js';
import { Problem } from './problem.js';
import { promptBlocked } from './prompt-blocked.js';

type Details = Readonly<Record<string, unknown>>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
const credits = (value: unknown): string => formatCredits(BigInt(value as string | bigint));

const RETRY_SECONDS = 2;

/** What each refusal of a service means to a client of the public API. */
const translations: Readonly<Record<string, (details: Details) => Problem>> = {
  'prompt.blocked': promptBlocked,
  ...creditRefusals,
  'price.changed': (d) =>
    field(
      '/quote_id',
      `no longer holds: the price is ${credits(d['priceMicros'])} now; ask for a new quote`,
    ),
  'model.unknown': (d) =>
    field(
      '/model',
      `is not on offer${d['test'] === true ? ' to test keys' : ''}; choose one of ${(d['models'] as string[] | undefined)?.join(', ') ?? 'the models listed'}`,
    ),
  'model.unsupported': (d) =>
    field(`/${text(d['field'])}`, `is beyond what this model does; at most ${text(d['limit'])}`),
  'model.cannot': (d) => {
    const doing = d['field'] === 'model' ? `does not do ${text(d['operation'])}` : undefined;
    const choices = d['choices'] as string[] | undefined;
    if (choices !== undefined)
      return field(
        `/${text(d['field'])}`,
        `must be one of ${choices.join(', ')} for ${text(d['model'])}; for this one, ${whoCould(d['models'] as string[])}`,
      );
    const what = doing ?? `is nothing that ${text(d['model'])} can honour; leave it out`;
    return field(`/${text(d['field'])}`, `${what}; ${whoCould(d['models'] as string[])}`);
  },
  'model.needs': (d) =>
    field(
      `/${text(d['field'])}`,
      `is needed by ${text(d['model'])}; send one; without it ${whoCould(d['models'] as string[])}`,
    ),
  'model.too_large': (d) =>
    field(
      '/model',
      `needs ${gigabytes(d['vramBytes'])} GB of GPU memory, and no worker that has it has more than ${gigabytes(d['largestBytes'])} GB; ${whoCould(d['models'] as string[])}`,
    ),
  'job.too_long': (d) =>
    field(
      '/steps',
      `makes this job take about ${text(d['seconds'])} s, and a job has ${text(d['limitSeconds'])} s; ask for less: fewer steps, a smaller picture, a shorter video, or a faster model`,
    ),
  'pool.unknown': () =>
    field('/pool', 'is no pool that this key may use; leave it out to use the shared workers'),
  'pool.cannot': (d) =>
    field(
      '/model',
      `is not in the pool ${text(d['pool'])}, which has ${(d['models'] as string[]).join(', ')}; choose one of these, or leave pool out`,
    ),
  'operation.unserved': (d) =>
    field(
      '/model',
      `is not on offer for ${text(d['operation'])}: no model does that; what is on offer does ${(d['operations'] as string[]).join(', ')}`,
    ),
  'operation.unpriced': (d) =>
    field(
      '/model',
      `is not for sale: ${text(d['operation'])} has no price here; choose another operation`,
    ),
  'dispatch.unavailable': (d) =>
    new Problem(
      'GPU_UNAVAILABLE',
      'No worker can take this work within the admission bound; try again later.',
      {
        headers: { 'retry-after': text(d['retryAfterSeconds'] ?? RETRY_SECONDS) },
      },
    ),
  'job.not_found': () => notFound(),
  'job.ended': () =>
    new Problem('CONFLICT', 'This job has ended; GET /api/v1/jobs/{id} tells how.'),
  'job.open': () =>
    new Problem(
      'CONFLICT',
      'This job has not ended; cancel it with POST /api/v1/jobs/{id}/cancel first, or wait for its end.',
    ),
  'job.not_failed': (d) =>
    new Problem(
      'CONFLICT',
      `Only a failed job can be made again, and this one is ${text(d['status'])}; send the request itself again.`,
    ),
  'job.other_kind': (d) =>
    new Problem(
      'CONFLICT',
      d['test'] === true
        ? 'This job was made with a test key; make it again with one, or send the request itself with this key.'
        : 'This job was made with a live key; make it again with one, or send the request itself with this key.',
    ),
  'hold.resolved': () => cameToNothing(),
  'hold.mismatch': () => cameToNothing(),
  'job.erased': () =>
    new Problem('CONFLICT', 'What this job was made of has been deleted; send the request again.'),
  'decision.not_found': () => notFound(),
  'decision.passed': () =>
    new Problem('CONFLICT', 'This decision let everything pass: there is nothing to appeal.'),
  'decision.not_appealable': (d) =>
    new Problem('CONFLICT', `Decisions by rule ${text(d['ruleId'])} cannot be appealed.`),
  'appeal.exists': () =>
    new Problem(
      'CONFLICT',
      'This decision was appealed already; GET /api/v1/decisions/{id} tells what became of it.',
    ),
  'consent.not_found': () => notFound(),
  'report.not_found': () => notFound(),
  'entry.not_found': () => notFound(),
  'entry.not_sealed': () =>
    new Problem(
      'CONFLICT',
      'No signed head covers this entry yet; POST /api/v1/account/ledger/heads signs one that does.',
    ),
  'head.unknown': () =>
    field('?tree_size', 'is not the size of a signed head; choose one of GET /api/v1/ledger/heads'),
  'head.before_entry': () =>
    field('?tree_size', 'is that of a head from before this entry; choose a later one'),
  'tree.smaller': (d) =>
    field('?to', `is beyond the ledger, which has ${text(d['treeSize'])} entries`),
  'job.settling': () =>
    new Problem(
      'CONFLICT',
      'This job is being brought to its end already; GET /api/v1/jobs/{id} tells how it ends.',
    ),
  'statement.future': (d) =>
    field(
      '/month',
      `has not begun: ${text(d['month'])}; ask for the running month or an earlier one`,
    ),
  'top_up.not_found': () => notFound(),
  'payments.none': (d) => nothingForSale(d['package']),
  'payments.signature': () => eventNotSigned(),
  'payments.unreadable': (d) =>
    field('/data/object', `is unlike what is documented: ${text(d['faults'])}`),
  'payments.unreachable': () =>
    new Problem(
      'SERVICE_UNAVAILABLE',
      'The payment provider does not answer now. Nothing was charged; try again later.',
      { headers: { 'retry-after': String(RETRY_SECONDS) } },
    ),
  'payments.no_method': () =>
    new Problem(
      'CONFLICT',
      'This account has no saved means of payment; buy credits once with save_payment_method: true.',
    ),
  'webhook.not_found': () => notFound(),
  'webhook.too_many': (d) =>
    new Problem(
      'CONFLICT',
      `An account has at most ${text(d['most'])} webhooks; remove one with DELETE /api/v1/webhooks/{id} first.`,
    ),
  'webhook.disabled': () =>
    new Problem(
      'CONFLICT',
      'This webhook is disabled because its receiver answered 410; POST /api/v1/webhooks/{id}/enable first.',
    ),
  'storage.not_configured': (d) =>
    field(
      text(d['pointer'] ?? '/output/storage'),
      'is not possible: this deployment has no outbound storage configured; leave it out, and download the outputs from the links of the job',
    ),
  'webhook.url_refused': (d) =>
    field(text(d['pointer'] ?? '/url'), `cannot be called: ${text(d['message'])}`),
};

/** Its first try was given up half-way, and what was held for it given back. */
function cameToNothing(): Problem {
  return new Problem(
    'CONFLICT',
    'The first try of this request came to nothing and nothing was charged; send it again with a new Idempotency-Key.',
  );
}

function field(pointer: string, message: string): Problem {
  return new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
    errors: [{ pointer, message }],
  });
}

const gigabytes = (bytes: unknown): string => (Number(bytes) / 1e9).toFixed(1);

const whoCould = (models: readonly string[]): string =>
  models.length === 0 ? 'no model on offer can' : `${models.join(', ')} can`;

export const bodyTooLarge = () =>
  new Problem('PAYLOAD_TOO_LARGE', 'The body is larger than this endpoint takes; send less.');

export const uploadTooLarge = () =>
  new Problem(
    'PAYLOAD_TOO_LARGE',
    'An upload has at most 10 MB (10,000,000 bytes); compress the image more, or scale it down.',
  );

export const noImagesHere = () =>
  new Problem(
    'UNSUPPORTED_MEDIA',
    'This endpoint takes JSON; send the image to POST /api/v1/uploads first and name its id here.',
  );

export const noFormsHere = () =>
  new Problem('UNSUPPORTED_MEDIA', 'Send JSON with the header content-type: application/json.');

/** One answer, whatever is wrong with it: it must not help anybody to guess. */
export const eventNotSigned = () =>
  new Problem(
    'BAD_REQUEST',
    'This is no event of the payment provider: the header Stripe-Signature is missing, does not fit the body, or is older than five minutes. Send events exactly as they are.',
  );

function unavailable(): Problem {
  return new Problem(
    'SERVICE_UNAVAILABLE',
    'A part of the service does not answer now. Look at GET /api/v1/jobs before you try again: the job may have been accepted.',
    { headers: { 'retry-after': String(RETRY_SECONDS) } },
  );
}

/** Not there, or not the caller's: one answer, so that ids cannot be probed. */
export function notFound(): Problem {
  return new Problem(
    'NOT_FOUND',
    'There is no such thing here, or it is not yours. Check the id and the key.',
  );
}

/** The problem that a service's refusal or silence amounts to; `undefined` for a fault of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError) return translations[error.code]?.(error.details);
  if (error instanceof Unavailable || isUnreachable(error)) return unavailable();
  return undefined;
}
