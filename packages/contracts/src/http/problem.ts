import { z } from 'zod';

/** Every error code of the public API with its HTTP status and title. */
export const problems = {
  UNAUTHORIZED: { status: 401, title: 'The API key is missing or not accepted' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  INSUFFICIENT_CREDITS: { status: 402, title: 'Not enough credits' },
  BUDGET_EXCEEDED: { status: 402, title: 'This would pass a budget' },
  PAYMENT_REQUIRED: { status: 402, title: 'A completed payment is needed first' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  VALIDATION_ERROR: { status: 422, title: 'The request does not fit its schema' },
  PROMPT_BLOCKED: { status: 400, title: 'The content policy refused this request' },
  CONSENT_REQUIRED: { status: 400, title: 'Consent for this face is needed' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large' },
  UNSUPPORTED_MEDIA: { status: 415, title: 'The media type is not supported' },
  GPU_UNAVAILABLE: { status: 503, title: 'No worker can take this work now' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  GONE: { status: 410, title: 'No longer there' },
  CONFLICT: { status: 409, title: 'The request conflicts with the present state' },
  IDEMPOTENCY_MISMATCH: { status: 422, title: 'The idempotency key was used with another body' },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The first request with this key is still running',
  },
  BAD_REQUEST: { status: 400, title: 'The request is not sound HTTP' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not supported' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
  URI_TOO_LONG: { status: 414, title: 'The address is too long' },
  EXPECTATION_FAILED: { status: 417, title: 'The expectation cannot be met' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  SERVICE_UNAVAILABLE: { status: 503, title: 'A part of the service is not reachable' },
  INTERNAL: { status: 500, title: 'A fault of ours' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** Where the page of all errors tells the cause and the remedy of this one. */
export const problemAnchor = (code: ProblemCode): string => code.toLowerCase().replaceAll('_', '-');

/** An error answer: `application/problem+json`, RFC 9457. */
export const problemDocument = z
  .looseObject({
    type: z.string().meta({ description: 'Where this error is explained' }),
    title: z.string(),
    status: z.int().meta({ description: 'The HTTP status' }),
    detail: z.string().meta({ description: 'What is wrong with this request, and the remedy' }),
    instance: z.string(),
    code: z.string().meta({ description: 'Stable; decide by this' }),
    request_id: z.string().meta({ description: 'Also in the header x-request-id' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({
            description: 'JSON pointer into the body, `?name` or `header:name`',
          }),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; some codes add members of their own' });
export type ProblemDocument = z.infer<typeof problemDocument>;
