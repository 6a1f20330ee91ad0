import { DomainError } from '@safelight/event-sourcing';
import { formatCredits } from '@safelight/contracts';
import { Unavailable } from '@safelight/messaging';
import { isUnreachable } from '@safelight/postgres';
import { Problem } from './problem.js';

type Details = Readonly<Record<string, unknown>>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
const credits = (value: unknown): string => formatCredits(BigInt(value as string | bigint));

const RETRY_SECONDS = 2;

/** What each refusal of a service means to a client of the public API. */
const translations: Readonly<Record<string, (details: Details) => Problem>> = {
  'prompt.blocked': promptBlocked,
  'credits.insufficient': (d) =>
    new Problem(
      'INSUFFICIENT_CREDITS',
      `This costs ${credits(d['priceMicros'])} credits and ${credits(d['availableMicros'])} are available; top up or ask for less.`,
      { members: { price: credits(d['priceMicros']), available: credits(d['availableMicros']) } },
    ),
  'account.unknown': () =>
    new Problem('INSUFFICIENT_CREDITS', 'This account has never had credits; top up first.', {
      members: { available: '0' },
    }),
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
  'job.settling': () =>
    new Problem(
      'CONFLICT',
      'This job is being brought to its end already; GET /api/v1/jobs/{id} tells how it ends.',
    ),
};

function promptBlocked(details: Details): Problem {
  const decisionId = text(details['decisionId']);
  return new Problem(
    'PROMPT_BLOCKED',
    'The content policy refuses this prompt. Change it, or ask for a person to look again if you think that this is wrong.',
    {
      members: {
        decision_id: decisionId,
        policy_version: details['policyVersion'],
        rule_id: details['ruleId'],
        category: details['category'],
        appeal: `POST /api/v1/decisions/${decisionId}/appeal`,
      },
    },
  );
}

function field(pointer: string, message: string): Problem {
  return new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
    errors: [{ pointer, message }],
  });
}

export const bodyTooLarge = () =>
  new Problem('PAYLOAD_TOO_LARGE', 'The body is larger than this endpoint takes; send less.');

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
