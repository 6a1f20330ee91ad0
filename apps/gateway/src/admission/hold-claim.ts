import type { FastifyRequest } from 'fastify';
import { admittedOf } from './admission.guard.js';
import type { Answers } from './answers.js';

/** For what is left to do after the wait. */
const MARGIN_SECONDS = 60;

/**
 * Keeps the request's idempotency key claimed while it waits: a claim lives a minute, and another
 * request with the key would be taken for the next in line of one whose gateway died. To be called
 * before the wait; does nothing for a request without a key.
 */
export async function holdClaim(
  answers: Pick<Answers, 'hold'>,
  request: FastifyRequest,
  seconds: number,
): Promise<void> {
  const admitted = admittedOf(request);
  if (admitted?.claim == null || seconds === 0) return;
  const { key, route } = admitted.claim;
  const claimed = { accountId: admitted.caller.accountId, key, route };
  await answers.hold(claimed, seconds + MARGIN_SECONDS);
}
