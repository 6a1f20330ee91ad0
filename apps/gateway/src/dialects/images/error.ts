import type { ProblemCode } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';
import type { Problem } from '../../http/problem.js';
import type { Worded } from '../worded.js';

/** Statuses that this dialect does not have. */
const statuses: Readonly<Record<number, number>> = { 413: 400, 415: 400, 422: 400 };

/** Codes that clients of OpenAI's API know; other codes are ours in lower case. */
const codes: Partial<Record<ProblemCode, string>> = {
  UNAUTHORIZED: 'invalid_api_key',
  FORBIDDEN: 'insufficient_permissions',
  INSUFFICIENT_CREDITS: 'insufficient_quota',
  BUDGET_EXCEEDED: 'billing_hard_limit_reached',
  RATE_LIMITED: 'rate_limit_exceeded',
  VALIDATION_ERROR: 'invalid_value',
  PROMPT_BLOCKED: 'moderation_blocked',
  INTERNAL: 'server_error',
};

/** `{error: {message, type, code, param}}`, with what our problem says beside. */
export function wordImagesError(problem: Problem, request: FastifyRequest): Worded {
  const { errors, members } = problem.options;
  const status = statuses[problem.status] ?? problem.status;
  const error = {
    ...members,
    message: problem.detail,
    type: typeOf(problem, status),
    code: codes[problem.code] ?? problem.code.toLowerCase(),
    param: paramOf(errors?.[0]?.pointer),
    request_id: request.id,
    ...(errors === undefined ? {} : { errors }),
  };
  return { status, headers: { ...JSON_HEADERS, ...advice(problem, request) }, body: { error } };
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

function typeOf({ code }: Problem, status: number): string {
  if (code === 'PROMPT_BLOCKED') return 'image_generation_user_error';
  if (status === 402) return 'insufficient_quota';
  if (status === 429) return 'requests';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** `additional_settings.steps` for the pointer `/additional_settings/steps`. */
const paramOf = (pointer = ''): string | null =>
  pointer === '' ? null : pointer.replace(/^\//, '').replaceAll('/', '.');

/**
 * OpenAI's client tries again by itself after every 5xx. After one that leaves it open whether a job
 * was made, a request without an idempotency key could make a second one.
 */
function advice({ code }: Problem, request: FastifyRequest): Record<string, string> {
  const isOpen = code === 'SERVICE_UNAVAILABLE' || code === 'INTERNAL';
  const isRepeatable = request.method === 'GET' || 'idempotency-key' in request.headers;
  return isOpen && !isRepeatable ? { 'x-should-retry': 'false' } : {};
}
