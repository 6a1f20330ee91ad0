import { captureHold, checkOutputs, newUuid, voidHold } from '@safelight/contracts';
import type { Settlement, StoredOutput } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError, fold } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { Job, JobCommand } from '../job/job.js';
import { hasEnded, jobDecider } from '../job/job.js';
import type { Jobs } from '../job/job.handler.js';
import type { GenerationCommand } from './generation.process.js';
import { react } from './generation.process.js';

/** Rounds of one run; the process has two steps, races may repeat one. */
const MAX_ROUNDS = 8;

/**
 * Runs the generation process: does what is due, records the answers, until nothing is due. The
 * answers of consecutive steps are appended together, the end with them. Dying in between is
 * harmless: all requests are idempotent by the job's id, and what is due follows from the stream.
 */
export class GenerationRunner {
  constructor(
    private readonly jobs: Jobs,
    private readonly services: RequestClient,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * @param job the state that was committed last
   * @throws Unavailable when a service did not answer: what is known until then is recorded, and
   *   running again goes on from there
   */
  async run(jobId: string, job: Job, context: MessageContext): Promise<void> {
    let state = job;
    for (let round = 0; react(state).length > 0; round += 1) {
      if (round === MAX_ROUNDS) throw new Error(`the process of ${jobId} comes to no end`);
      const { facts, failure } = await this.gather(jobId, state, context);
      if (facts.length > 0) {
        const meta = { commandId: `process:${newUuid()}`, context };
        const { status, state: next } = await this.jobs.handle(jobId, facts, meta);
        state = next;
        if (status === 'appended' && hasEnded(state)) this.tellEnd(jobId, state);
      }
      if (failure !== undefined) throw failure.error;
    }
  }

  private tellEnd(jobId: string, { status, attempt }: Job): void {
    this.telemetry.logger.info({ job_id: jobId, status, attempt }, 'job ended');
  }

  /** Answers to what is due from `job` on, each step supposing that the one before is recorded. */
  private async gather(jobId: string, job: Job, context: MessageContext) {
    const facts: JobCommand[] = [];
    let supposed = job;
    try {
      for (let [due] = react(supposed); due !== undefined; [due] = react(supposed)) {
        const fact = await this.ask(jobId, supposed, due, context);
        facts.push(fact);
        supposed = fold(jobDecider, jobDecider.decide(fact, supposed), supposed);
      }
      return { facts };
    } catch (error) {
      return { facts, failure: { error } };
    }
  }

  private async ask(
    jobId: string,
    job: Job,
    due: GenerationCommand,
    context: MessageContext,
  ): Promise<JobCommand> {
    const { accountId } = job;
    switch (due.type) {
      case 'CheckOutputs': {
        // The event carries them as they came: the request's own schema looks at them again.
        const outputs = [...(job.outputs ?? [])] as unknown as StoredOutput[];
        const level = Number(job.spec?.['moderationLevel'] ?? 0);
        const refuseAll = isToBeBlocked(job);
        const consent = (job.spec?.['consent'] ?? null) as string | null;
        const fromPicture = ((job.spec?.['inputs'] ?? []) as unknown[]).length > 0;
        const request = { jobId, accountId, outputs, level, consent, refuseAll, fromPicture };
        const { results } = await this.services.request(checkOutputs, request, { context });
        const own = results.filter(({ receipt }) => receipt.jobId === jobId);
        const receipts = Object.fromEntries(own.map((one) => [one.outputId, one.receipt]));
        return { type: 'RecordCheck', receipts };
      }
      case 'CaptureHold': {
        const { numerator, denominator } = due;
        const request = { holdId: jobId, numerator, denominator };
        const answer = this.services.request(captureHold, request, { context });
        return { type: 'RecordSettlement', settlement: await settled(answer, job) };
      }
      case 'VoidHold': {
        const request = { holdId: jobId, reason: due.reason };
        const answer = this.services.request(voidHold, request, { context });
        return { type: 'RecordSettlement', settlement: await settled(answer, job) };
      }
      case 'SettleNothing': {
        const settlement = { kind: due.kind, capturedMicros: 0n, refundedMicros: 0n };
        return { type: 'RecordSettlement', settlement };
      }
    }
  }
}

/** A test key asked for a refusal. */
function isToBeBlocked({ spec }: Job): boolean {
  const test = spec?.['test'] as { outcome?: string } | undefined;
  return test?.outcome === 'block';
}

/** A hold that billing does not know holds nothing: the whole price is with the customer. */
async function settled(answer: Promise<Settlement>, job: Job): Promise<Settlement> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'hold.unknown') throw error;
    return { kind: 'voided', capturedMicros: 0n, refundedMicros: job.priceMicros };
  }
}
