import { EgressRefused, type EgressResponse } from '@safelight/egress';
import { nextTryAt, retryAfterMs } from './schedule.js';

const GONE = 410;
const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
const MAY_ASK_FOR_PATIENCE: readonly number[] = [TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE];

/** What a try came to. */
export interface Outcome {
  readonly kind: 'acknowledged' | 'failed' | 'gone';
  /** The receiver's answer, if there was one. */
  readonly status: number | null;
  /** For the owner of the receiver: tells nothing about the network here. */
  readonly error: string | null;
  /** `null`: not again. */
  readonly nextAt: Date | null;
}

export interface Try {
  /** How many there have been in this round, with this one. */
  readonly tries: number;
  readonly now: Date;
  /** 0..1 */
  readonly random: number;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Only 2xx acknowledges; whatever else a receiver says or does not say, it is asked again. */
export function outcomeOfAnswer({ status, headers }: Answered, at: Try): Outcome {
  if (isSuccess(status)) return { kind: 'acknowledged', status, error: null, nextAt: null };
  if (status === GONE) {
    const error = 'the receiver answered 410 Gone; it is not called any more';
    return { kind: 'gone', status, error, nextAt: null };
  }
  const asked = MAY_ASK_FOR_PATIENCE.includes(status)
    ? retryAfterMs(headers['retry-after'], at.now)
    : null;
  const nextAt = nextTryAt(at.tries, at.now, at.random, asked);
  const error = `the receiver answered ${status}; answer 2xx once you have the event`;
  return { kind: 'failed', status, error, nextAt };
}

type Answered = Pick<EgressResponse, 'status' | 'headers'>;

/** @throws what is no refusal: a fault of ours */
export function outcomeOfFailure(error: unknown, at: Try): Outcome {
  if (!(error instanceof EgressRefused)) throw error;
  const status = error.status ?? null;
  // It has said yes; that it says more than we read changes nothing.
  if (error.code === 'egress.too_large' && status !== null && isSuccess(status)) {
    return { kind: 'acknowledged', status, error: null, nextAt: null };
  }
  const nextAt = nextTryAt(at.tries, at.now, at.random);
  return { kind: 'failed', status, error: error.message, nextAt };
}
