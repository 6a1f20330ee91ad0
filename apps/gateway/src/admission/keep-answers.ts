import type { Telemetry } from '@safelight/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { admittedOf, type AdmittedRequest } from './admission.guard.js';
import type { Answers } from './answers.js';

/** Headers that belong to an answer as much as its body does. */
const KEPT_HEADERS = ['content-type', 'location', 'retry-after'] as const;
const FAULT_OF_OURS = 500;
const REFUSAL = 400;

/**
 * Stores what a request with an idempotency key was answered, before it is sent: a client that never
 * sees the answer finds it by asking again. Answers that are a fault of ours are not kept: the next
 * request with the key tries again, for the same job.
 */
export function keepAnswers(
  fastify: FastifyInstance,
  answers: Answers,
  telemetry: Telemetry,
): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const admitted = admittedOf(request);
    if (admitted !== undefined) await settle({ answers, request, reply, admitted }, payload);
    return payload;
  });

  async function settle(on: Settling, payload: unknown): Promise<void> {
    try {
      await Promise.all([keep(on, payload), close(on)]);
    } catch (error) {
      // The work is done and its answer stands; whoever asks again within a minute is told to wait.
      telemetry.logger.error({ err: error }, 'an answer could not be kept for its idempotency key');
    }
  }
}

interface Settling {
  readonly answers: Answers;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly admitted: AdmittedRequest;
}

async function keep({ answers, reply, admitted }: Settling, payload: unknown): Promise<void> {
  const { caller, claim } = admitted;
  if (claim === null) return;
  const claimed = { accountId: caller.accountId, key: claim.key, route: claim.route };
  if (reply.statusCode >= FAULT_OF_OURS) return answers.letGo(claimed);
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(textOf(payload));
  return answers.keep(claimed, { status: reply.statusCode, headers, body });
}

/** A request that was refused made no job: its place is free again. After a fault nobody knows. */
async function close({ answers, reply, admitted }: Settling): Promise<void> {
  const refused = reply.statusCode >= REFUSAL && reply.statusCode < FAULT_OF_OURS;
  if ((refused || admitted.refusedForSure === true) && admitted.jobId !== null)
    await answers.close([admitted.jobId]);
}

/** Answers of routes that take a key are JSON or nothing; streams are answered to GET alone. */
const textOf = (payload: unknown): string => (typeof payload === 'string' ? payload : '');
