import { presentJob, type WebhookPayload } from '@safelight/contracts';
import type { Egress } from '@safelight/egress';
import { Unavailable, type RequestClient } from '@safelight/messaging';
import { isUnreachable } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type { Clock } from '../clock.js';
import { signedHeaders } from '../signing/signed-headers.js';
import type { SigningPair } from '../signing/signing-pair.js';
import type { Claims, Due } from './claims.js';
import type { SendingMetrics } from './metrics.js';
import { outcomeOfAnswer, outcomeOfFailure, type Outcome, type Try } from './outcome.js';
import { bodyOf, mockJob } from './payload.js';

/** From the lookup to the last byte of the answer, in milliseconds. */
const TIMEOUT_MS = 15_000;
/** Bytes of an answer; nobody reads them. */
const ANSWER_MAX = 64 * 1024;
const UNAVAILABLE_WAIT_MS = 5_000;
/** A fault of ours needs a person; until then it shall not spin. */
const FAULT_WAIT_MS = 60_000;

export interface DelivererParts {
  readonly claims: Claims;
  readonly services: RequestClient;
  readonly egress: Egress;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly metrics: SendingMetrics;
}

/** One try at one delivery: made up, signed, sent, written down. */
export class Deliverer {
  constructor(private readonly parts: DelivererParts) {}

  /**
   * @param pairs what the receiver's events are signed with at this moment
   * @param stop ends the try; nothing is written down then, and it is made again
   */
  async deliver(due: Due, pairs: readonly SigningPair[], stop: AbortSignal): Promise<void> {
    const { claims, clock, telemetry, metrics } = this.parts;
    const begun = clock.now();
    metrics.began(begun.getTime() - due.due_at.getTime());
    try {
      const body = bodyOf(due, await this.dataOf(due));
      const startedMs = performance.now();
      const outcome = await this.send(due, body, pairs, stop);
      const durationMs = Math.round(performance.now() - startedMs);
      metrics.tried(outcome.kind, durationMs);
      await claims.record(due, begun, durationMs, outcome);
    } catch (error) {
      if (stop.aborted) return;
      const isAway = error instanceof Unavailable || isUnreachable(error);
      const fields = { err: error, delivery: due.id, type: due.type };
      if (isAway) telemetry.logger.warn(fields, 'a webhook waits for another service');
      else telemetry.logger.error(fields, 'a webhook could not be made or written down');
      metrics.delayed();
      const waitMs = isAway ? UNAVAILABLE_WAIT_MS : FAULT_WAIT_MS;
      await claims.putOff(due, new Date(clock.now().getTime() + waitMs));
    }
  }

  private async dataOf(due: Due): Promise<WebhookPayload['data']> {
    const { job_id: jobId, account_id: accountId, status } = due;
    if (jobId === null || status === null) return { webhook_id: due.endpoint_id };
    if (due.test) return mockJob(due, jobId, status);
    const { job } = await this.parts.services.request(presentJob, { jobId, accountId, status });
    return job ?? { id: jobId, status, deleted: true };
  }

  private async send(
    due: Due,
    body: string,
    pairs: readonly SigningPair[],
    stop: AbortSignal,
  ): Promise<Outcome> {
    const { egress, clock } = this.parts;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Safelight-Webhooks/1',
      ...signedHeaders({ id: due.event_id, body }, pairs, clock.now()),
    };
    const after = (): Try => ({
      tries: due.tries + 1,
      now: clock.now(),
      random: Math.random(),
    });
    const bounds = { timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX, maxRedirects: 0, signal: stop };
    try {
      const answer = await egress.fetch(due.url, { method: 'POST', headers, body, ...bounds });
      return outcomeOfAnswer(answer, after());
    } catch (error) {
      const outcome = outcomeOfFailure(error, after());
      // What only operators may know, such as the address that a name leads to, is in the error.
      this.parts.telemetry.logger.info(
        { err: error, detail: detailOf(error), delivery: due.id },
        'a receiver could not be told',
      );
      return outcome;
    }
  }
}

const detailOf = (error: unknown): unknown => (error as { detail?: unknown }).detail;
