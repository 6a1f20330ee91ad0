import type { SigningPair } from './signing-pair.js';

const MS = 1000;

/**
 * The headers of Standard Webhooks (specification, "Webhook Headers"). The time is that of this try,
 * so that a receiver can refuse what somebody recorded and sends again later (5 minutes is usual).
 *
 * @param pairs the live ones; while a secret is being rotated there are two
 */
export function signedHeaders(
  message: { readonly id: string; readonly body: string },
  pairs: readonly SigningPair[],
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / MS));
  const content = `${message.id}.${timestamp}.${message.body}`;
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': pairs.flatMap((pair) => pair.signatures(content)).join(' '),
  };
}
