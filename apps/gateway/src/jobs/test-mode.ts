import type { JobSpec } from '@safelight/contracts';
import { testOutcome } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../admission/scope.js';
import { Problem } from '../http/problem.js';

/** Says how a job of a test key is to go. */
export const TEST_OUTCOME_HEADER = 'safelight-test-outcome';

const asked = testOutcome.exclude(['pass']);

/**
 * What marks the jobs of a test key; nothing for a live one.
 *
 * @throws Problem VALIDATION_ERROR when a live key forces an outcome, or there is no such outcome
 */
export function testModeOf({ kind }: Caller, request: FastifyRequest): Pick<JobSpec, 'test'> {
  const header = request.headers[TEST_OUTCOME_HEADER];
  if (kind === 'live') {
    if (header !== undefined) throw fault('is for test keys only; leave it out');
    return {};
  }
  if (header === undefined) return { test: { outcome: 'pass' } };
  const outcome = asked.safeParse(header);
  if (!outcome.success) throw fault(`must be one of ${asked.options.join(', ')}`);
  return { test: { outcome: outcome.data } };
}

const fault = (message: string) =>
  new Problem('VALIDATION_ERROR', `The header Safelight-Test-Outcome ${message}.`, {
    errors: [{ pointer: `header:${TEST_OUTCOME_HEADER}`, message }],
  });
