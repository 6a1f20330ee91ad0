import type { StorageErrorCode } from '@safelight/contracts';
import { EgressRefused, type EgressResponse } from '@safelight/egress';
import { retryAfterMs } from '../sending/schedule.js';

/**
 * What a try came to. `lasting`: only the bucket's owner can change it, so it is soon given up;
 * `passing`: it may be over by itself.
 */
export type CopyOutcome =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'lasting' | 'passing';
      readonly code: StorageErrorCode;
      readonly message: string;
      /** Milliseconds; what the other side asked for. */
      readonly askedMs: number | null;
    };

type Verdict = readonly ['lasting' | 'passing', StorageErrorCode];

/** Error codes of S3, by its reference ("Error responses"). */
const byS3Code: Readonly<Record<string, Verdict>> = {
  NoSuchBucket: ['lasting', 'bucket_missing'],
  AccessDenied: ['lasting', 'access_denied'],
  AllAccessDisabled: ['lasting', 'access_denied'],
  AccountProblem: ['lasting', 'access_denied'],
  PermanentRedirect: ['lasting', 'wrong_region'],
  AuthorizationHeaderMalformed: ['lasting', 'wrong_region'],
  TemporaryRedirect: ['passing', 'bucket_busy'],
  SlowDown: ['passing', 'bucket_busy'],
  OperationAborted: ['passing', 'bucket_busy'],
  RequestTimeout: ['passing', 'bucket_busy'],
  BadDigest: ['passing', 'bucket_busy'],
  IncompleteBody: ['passing', 'bucket_busy'],
  XAmzContentSHA256Mismatch: ['passing', 'bucket_busy'],
  XAmzContentChecksumMismatch: ['passing', 'bucket_busy'],
  InvalidAccessKeyId: ['passing', 'identity_refused'],
  SignatureDoesNotMatch: ['passing', 'identity_refused'],
  RequestTimeTooSkewed: ['passing', 'identity_refused'],
  InvalidToken: ['passing', 'identity_refused'],
  ExpiredToken: ['passing', 'identity_refused'],
};

const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;
const FIRST_FAULT_OF_SERVER = 500;
const MOVED = [301, 308];

/** What the owner of the job can do about it. */
export const remedies: Readonly<Record<StorageErrorCode, string>> = {
  bucket_missing: 'there is no such bucket; make it, or name another',
  access_denied:
    'the bucket does not let us write; allow our identity s3:PutObject under this path in its policy',
  wrong_region: 'the bucket is in another region; name its own',
  bucket_refused: 'the bucket takes no such object; look at its rules',
  bucket_busy: 'the bucket takes nothing now; it is tried again',
  bucket_unreachable: 'the bucket cannot be reached now; it is tried again',
  identity_refused:
    'our own identity is not accepted; the operator was told, and it is tried again',
  not_available: 'this deployment cannot copy it now; it is tried again',
  output_deleted: 'the output was deleted before it was copied',
};

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export function outcomeOfAnswer(answer: EgressResponse, now: Date): CopyOutcome {
  const { status, headers } = answer;
  if (isSuccess(status)) return { kind: 'delivered' };
  const s3Code = s3CodeOf(answer.body);
  const [kind, code] = byS3Code[s3Code ?? ''] ?? byStatus(status);
  const said = s3Code === undefined ? `${status}` : `${status} ${s3Code}`;
  const message = `${remedies[code]} (the store answered ${said})`;
  return { kind, code, message, askedMs: retryAfterMs(headers['retry-after'], now) };
}

function byStatus(status: number): Verdict {
  if (status === FORBIDDEN) return ['lasting', 'access_denied'];
  if (MOVED.includes(status)) return ['lasting', 'wrong_region'];
  const isPassing = status >= FIRST_FAULT_OF_SERVER || status === TOO_MANY_REQUESTS || status < 400;
  return isPassing ? ['passing', 'bucket_busy'] : ['lasting', 'bucket_refused'];
}

/** The name of the error; all else that a store says stays with us. */
const s3CodeOf = (body: Buffer): string | undefined =>
  /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(body.toString('latin1'))?.[1];

/** @throws what is no refusal: a fault of ours */
export function outcomeOfFailure(error: unknown): CopyOutcome {
  if (!(error instanceof EgressRefused)) throw error;
  const { code: why, status } = error;
  // It has taken the object; that it says more than we read changes nothing.
  if (why === 'egress.too_large' && status !== undefined && isSuccess(status)) {
    return { kind: 'delivered' };
  }
  return { ...failed(...verdictOn(why, status)), askedMs: null };
}

function verdictOn(why: EgressRefused['code'], status: number | undefined): Verdict {
  // Names are ours but for the region, which there is not then.
  if (why === 'egress.no_address') return ['lasting', 'wrong_region'];
  if (why === 'egress.redirect_refused' && status !== undefined) return byStatus(status);
  return ['passing', 'bucket_unreachable'];
}

const failed = (kind: 'lasting' | 'passing', code: StorageErrorCode) => ({
  kind,
  code,
  message: remedies[code],
});

/** The bytes could not be read as they were released. */
export const unreadable = (): CopyOutcome => ({
  ...failed('passing', 'not_available'),
  askedMs: null,
});
/** There is nothing to copy any more. */
export const deleted = (): CopyOutcome => ({
  ...failed('lasting', 'output_deleted'),
  askedMs: null,
});
