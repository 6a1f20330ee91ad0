import type { ProblemCode } from '../problem.js';

/** Why an error comes about, and what a client does about it. */
export interface ErrorExplanation {
  readonly cause: string;
  readonly remedy: string;
  /** The same request may succeed later, unchanged. */
  readonly retry: 'not unchanged' | 'after a pause' | 'with the same idempotency key';
}

/** Every error code of the public API; the page `/docs/errors` is made of this. */
export const errorExplanations: Readonly<Record<ProblemCode, ErrorExplanation>> = {
  UNAUTHORIZED: {
    cause: 'The API key is missing, malformed, unknown, expired or revoked.',
    remedy:
      'Send a key that is active as `authorization: Bearer sl_live_…` or `x-api-key: sl_live_…`.',
    retry: 'not unchanged',
  },
  FORBIDDEN: {
    cause:
      'The key lacks the scope that the answer names, the account is suspended, or a signed link has expired or was altered.',
    remedy:
      'Make a key with the scope named in `scope`; for a link, read the job again for a fresh one; for a suspension, write to the operator.',
    retry: 'not unchanged',
  },
  INSUFFICIENT_CREDITS: {
    cause: 'The price is above the credits that are available; credits held by open jobs are not.',
    remedy: 'Compare `price` with `available`: top up, ask for less, or wait for open jobs to end.',
    retry: 'not unchanged',
  },
  BUDGET_EXCEEDED: {
    cause:
      'The price would take what was spent in this day or month (UTC) above a limit that was set for the key or the account. Nothing was charged.',
    remedy:
      'Compare `price`, `spent` and `limit`. Wait until `resets_at`, ask for less, or raise the budget that `scope` and `period` name, with a key that has `account:write`.',
    retry: 'not unchanged',
  },
  PAYMENT_REQUIRED: {
    cause: 'This kind of work needs completed payments of a set sum first.',
    remedy: 'Complete a purchase; the answer says how much is missing.',
    retry: 'not unchanged',
  },
  RATE_LIMITED: {
    cause:
      'More requests a minute than the key or the account may send, or as many open jobs as the plan allows.',
    remedy:
      'Wait for the seconds that `Retry-After` names. `X-RateLimit-Remaining` tells beforehand. Reads of a job’s state have a budget of their own, ten times as large.',
    retry: 'after a pause',
  },
  VALIDATION_ERROR: {
    cause: 'The body, a query parameter or a header does not fit its schema.',
    remedy: 'Mend what `errors` names: each has a JSON pointer and says what would fit.',
    retry: 'not unchanged',
  },
  PROMPT_BLOCKED: {
    cause: 'The content policy refused the request. Nothing was charged.',
    remedy:
      'Change the request, or ask for a person to look again with the request that `appeal` names, where there is one.',
    retry: 'not unchanged',
  },
  CONSENT_REQUIRED: {
    cause: 'Work on a face was asked for without consent for that face.',
    remedy: 'Record a consent and send `biometric_consent: true`.',
    retry: 'not unchanged',
  },
  PAYLOAD_TOO_LARGE: {
    cause: 'The body, or an image in it, is larger than this endpoint takes.',
    remedy: 'Send less. Images above 3.4 MB go through uploads.',
    retry: 'not unchanged',
  },
  UNSUPPORTED_MEDIA: {
    cause:
      'The body is not JSON by its `content-type`, or an image is not a JPEG, PNG or WebP, or is damaged.',
    remedy:
      'Send `content-type: application/json`; convert the image. Its content counts, not its name.',
    retry: 'not unchanged',
  },
  GPU_UNAVAILABLE: {
    cause: 'No worker can take this work within the admission bound. Nothing was charged.',
    remedy: 'Wait for the seconds that `Retry-After` names, or choose another model.',
    retry: 'with the same idempotency key',
  },
  NOT_FOUND: {
    cause:
      'There is no such thing, or it belongs to another account; the two are never told apart.',
    remedy: 'Check the id, the path, and which account’s key was sent.',
    retry: 'not unchanged',
  },
  GONE: {
    cause:
      'A signed link leads to a file that was deleted: with its job, or because a consent that the job leaned on was revoked.',
    remedy: 'None for this file. Read the job: `deleted_at` tells when it went.',
    retry: 'not unchanged',
  },
  CONFLICT: {
    cause: 'The thing is in a state that does not allow this, such as a job that has ended.',
    remedy: 'Read it again and decide anew.',
    retry: 'not unchanged',
  },
  IDEMPOTENCY_MISMATCH: {
    cause: 'The Idempotency-Key was used within 24 hours with another body on this route.',
    remedy: 'Take a new key for a new request.',
    retry: 'not unchanged',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    cause: 'The first request with this Idempotency-Key has no answer yet.',
    remedy: 'Ask again after `Retry-After`, or look at `GET /api/v1/idempotency/{key}`.',
    retry: 'with the same idempotency key',
  },
  BAD_REQUEST: {
    cause:
      'The request is not sound HTTP: an address that is not percent-encoded UTF-8, a header given twice, no `Host`.',
    remedy: 'Mend what `detail` names. Ordinary HTTP clients never send such requests.',
    retry: 'not unchanged',
  },
  METHOD_NOT_ALLOWED: {
    cause: 'The method is none that this API knows.',
    remedy: 'Use one of those in the header `Allow`.',
    retry: 'not unchanged',
  },
  REQUEST_TIMEOUT: {
    cause: 'The request took too long to arrive.',
    remedy: 'Send it again over a better connection, or send less.',
    retry: 'with the same idempotency key',
  },
  URI_TOO_LONG: {
    cause: 'The address is longer than any of this API is.',
    remedy: 'Shorten the query.',
    retry: 'not unchanged',
  },
  EXPECTATION_FAILED: {
    cause: 'The header `Expect` asks for something other than `100-continue`.',
    remedy: 'Leave the header out.',
    retry: 'not unchanged',
  },
  HEADERS_TOO_LARGE: {
    cause: 'The headers together are larger than the gateway takes.',
    remedy: 'Send fewer; cookies of other services on the same host are a common reason.',
    retry: 'not unchanged',
  },
  SERVICE_UNAVAILABLE: {
    cause: 'A part of the service does not answer at this moment.',
    remedy:
      'Send the request again after `Retry-After`. Without an Idempotency-Key, look at `GET /api/v1/jobs` first: the job may have been accepted.',
    retry: 'with the same idempotency key',
  },
  INTERNAL: {
    cause: 'A fault of ours. It was logged with the `request_id`.',
    remedy: 'Try again; if it stays, tell us the `request_id`.',
    retry: 'with the same idempotency key',
  },
};
