import { z } from 'zod';

const text = (description: string) => ({ description, schema: { type: 'string' as const } });
const whole = (description: string) => ({ description, schema: { type: 'integer' as const } });

const common = {
  'X-Request-Id': text('The client’s own if it sent one, else a new one; in our logs'),
  'trace-id': text('W3C trace id; that of `traceparent` if the client sent one'),
};

/** On every answer to a key that was let in, and on RATE_LIMITED. */
const limits = {
  'X-RateLimit-Limit': whole('Requests a minute, of the tighter of key and account'),
  'X-RateLimit-Remaining': whole('How many are left now'),
  'X-RateLimit-Reset': whole('Seconds until the budget is whole again'),
};

const pause = { 'Retry-After': whole('Seconds after which the request may succeed') };

/** Once in the document, under `components`. */
export const everyHeader = { ...common, ...limits, ...pause };

/** References to the headers that are on every answer, and to `more`. */
export function headerRefs(more: readonly ('limits' | 'pause')[]) {
  const named = {
    ...common,
    ...(more.includes('limits') && limits),
    ...(more.includes('pause') && pause),
  };
  return Object.fromEntries(
    Object.keys(named).map((name) => [name, { $ref: `#/components/headers/${name}` as const }]),
  );
}

/** What every POST with a key takes. */
export const idempotencyHeader = z.object({
  'idempotency-key': z.string().min(1).max(255).optional().meta({
    description:
      '1 to 255 visible ASCII characters, fresh for each request: sent again within 24 hours with the same body it is answered alike and has no second effect',
  }),
});
