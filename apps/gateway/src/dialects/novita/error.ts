import type { ProblemCode } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';
import { keyIn } from '../../admission/credentials.js';
import type { Problem } from '../../http/problem.js';
import type { Worded } from '../worded.js';
import { pointerInNovita } from './names.js';

/** Statuses under which this dialect tells these problems; others keep ours. */
const statuses: Readonly<Record<number, number>> = { 402: 400, 413: 400, 415: 400, 422: 400 };

/** Reasons that its clients know, by our code. */
const reasons: Partial<Record<ProblemCode, string>> = {
  UNAUTHORIZED: 'INVALID_API_KEY',
  FORBIDDEN: 'API_NOT_ALLOWED',
  INSUFFICIENT_CREDITS: 'BILLING_BALANCE_NOT_ENOUGH',
  BUDGET_EXCEEDED: 'BILLING_BALANCE_NOT_ENOUGH',
  PAYMENT_REQUIRED: 'BILLING_BALANCE_NOT_ENOUGH',
  RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
  VALIDATION_ERROR: 'INVALID_REQUEST_BODY',
  PROMPT_BLOCKED: 'ILLEGAL_PROMPT',
  PAYLOAD_TOO_LARGE: 'IMAGE_FILE_EXCEEDS_MAX_SIZE',
  UNSUPPORTED_MEDIA: 'INVALID_IMAGE_FORMAT',
  IDEMPOTENCY_MISMATCH: 'INVALID_REQUEST_BODY',
};

const TASK_RESULT = /^\/v3\/async\/task-result(?:\?|$)/;

/** `{code, reason, message, metadata}`; what else our problem says stands in `metadata` as text. */
export function wordNovitaError(problem: Problem, request: FastifyRequest): Worded {
  const status = statuses[problem.status] ?? problem.status;
  const [fault] = problem.options.errors ?? [];
  const said: Record<string, unknown> = {
    ...problem.options.members,
    ...(fault === undefined ? {} : { field: pointerInNovita(fault.pointer) }),
    request_id: request.id,
  };
  const metadata = Object.fromEntries(
    Object.entries(said)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  const body = { code: status, reason: reasonOf(problem, request), message: messageOf(problem) };
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: { ...body, metadata } };
}

/** The detail, with the field named as the client named it. */
function messageOf({ detail, options }: Problem): string {
  const pointer = options.errors?.[0]?.pointer ?? '';
  if (pointer === '' || !detail.startsWith(pointer)) return detail;
  return pointerInNovita(pointer) + detail.slice(pointer.length);
}

const saysJson = ({ headers }: FastifyRequest) =>
  headers['content-type']?.startsWith('application/json') === true;

function reasonOf({ code, status }: Problem, request: FastifyRequest): string {
  if (code === 'UNAUTHORIZED' && keyIn(request.headers) === undefined) return 'MISSING_API_KEY';
  if (code === 'NOT_FOUND')
    return TASK_RESULT.test(request.url) ? 'TASK_NOT_FOUND' : 'API_NOT_FOUND';
  if (status >= 500) return request.method === 'GET' ? 'GET_RESULT_FAILED' : 'CREATE_TASK_FAILED';
  if (code === 'UNSUPPORTED_MEDIA' && !saysJson(request)) return 'INVALID_REQUEST_BODY';
  return reasons[code] ?? code;
}
