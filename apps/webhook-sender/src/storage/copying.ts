import { bucketKeyOf, listReleased, type ReleasedOutput } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { Clock } from '../clock.js';
import type { Copy, CopyClaims, CopyRecord, StoreClaim } from './copy-claims.js';
import {
  deleted,
  outcomeOfAnswer,
  outcomeOfFailure,
  unreadable,
  type CopyOutcome,
} from './copy-outcome.js';
import { nextCopyAt } from './copy-schedule.js';
import type { ObjectPutter } from './put-object.js';
import { NotAsReleased, readWhole } from './released-bytes.js';
import { UNTOLD_MS } from './stores.js';

/** Longer than one output can take: it is renewed for each. */
export const CLAIM_MS = 180_000;
/** The event of a job's end can be here before the job itself shows it. */
const LAG_MS = 1_000;
/** A job that nobody has heard of for so long was never submitted. */
const NEVER_MS = 24 * UNTOLD_MS;

export interface CopyingParts {
  readonly claims: CopyClaims;
  readonly services: RequestClient;
  readonly putter: ObjectPutter;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** One look at one job: copies those of its released outputs that are due. */
export class Copying {
  constructor(private readonly parts: CopyingParts) {}

  /**
   * @param stop ends the try under way; nothing is written down of it, and it is made again
   * @returns when to look again; `null`: never; `undefined`: the claim is somebody else's by now
   */
  async look(claim: StoreClaim, stop: AbortSignal): Promise<Date | null | undefined> {
    const { job_id: jobId, account_id: accountId } = claim;
    const { claims, services, clock } = this.parts;
    const { state, outputs } = await services.request(listReleased, { jobId, accountId });
    if (state === 'unknown' || state === 'open') return this.later(claim, state);
    const copies = await claims.copies(claim);
    if (state !== 'completed') {
      await this.giveUp(claim, copies);
      return null;
    }
    const due: ReleasedOutput[] = [];
    for (const output of outputs) {
      if (isDue(copyOf(copies, output), clock.now())) due.push(output);
    }
    for (const output of due) {
      const until = new Date(clock.now().getTime() + CLAIM_MS);
      if (!(await claims.renew(claim, until))) return undefined;
      await this.copy(claim, output, copyOf(copies, output), stop);
    }
    return nextOf(await claims.copies(claim), outputs);
  }

  private later(claim: StoreClaim, state: 'unknown' | 'open'): Date | null {
    const now = this.parts.clock.now().getTime();
    if (state === 'unknown' && now - claim.created_at.getTime() > NEVER_MS) return null;
    return new Date(now + (claim.job_ended ? LAG_MS : UNTOLD_MS));
  }

  /** Its owner has deleted what there was to copy. */
  private async giveUp(claim: StoreClaim, copies: readonly Copy[]): Promise<void> {
    const waiting = copies.filter(({ state }) => state === 'pending');
    for (const { output_id, attempts } of waiting) {
      await this.record(claim, output_id, attempts, deleted());
    }
  }

  private async copy(
    claim: StoreClaim,
    output: ReleasedOutput,
    copy: Copy | undefined,
    stop: AbortSignal,
  ): Promise<void> {
    const outcome = await this.attempt(claim, output, stop);
    await this.record(claim, output.outputId, copy?.attempts ?? 0, outcome);
  }

  private async attempt(
    claim: StoreClaim,
    output: ReleasedOutput,
    stop: AbortSignal,
  ): Promise<CopyOutcome> {
    const { services, putter, clock, telemetry } = this.parts;
    const { job_id: jobId, account_id: accountId, region, bucket } = claim;
    const ids = { job: jobId, output: output.outputId };
    try {
      const bytes = await readWhole(services, { jobId, accountId }, output);
      if (bytes === null) return deleted();
      const target = { region, bucket };
      const answer = await putter.put(
        { accountId, target, key: keyOf(claim, output), output, bytes },
        stop,
      );
      return outcomeOfAnswer(answer, clock.now());
    } catch (error) {
      if (error instanceof NotAsReleased) {
        telemetry.logger.error({ err: error, ...ids }, 'an output was not copied');
        return unreadable();
      }
      const outcome = outcomeOfFailure(error);
      const { detail } = error as { detail?: unknown };
      telemetry.logger.info({ err: error, detail, ...ids }, 'a bucket could not be reached');
      return outcome;
    }
  }

  private async record(
    claim: StoreClaim,
    outputId: string,
    attempts: number,
    outcome: CopyOutcome,
  ): Promise<void> {
    const { claims, clock, telemetry } = this.parts;
    const what = recordOf(outcome, attempts + 1, clock.now());
    if (outcome.kind !== 'delivered') {
      const fields = { job: claim.job_id, output: outputId, code: outcome.code };
      const level = outcome.code === 'identity_refused' ? 'error' : 'info';
      telemetry.logger[level](fields, 'an output was not taken by its bucket');
    }
    await claims.record(claim, outputId, what);
  }
}

function recordOf(outcome: CopyOutcome, tries: number, now: Date): CopyRecord {
  if (outcome.kind === 'delivered') return { state: 'delivered', deliveredAt: now };
  const { code, message } = outcome;
  const nextAt =
    code === 'output_deleted' ? null : nextCopyAt(outcome, { tries, now, random: Math.random() });
  return { state: nextAt === null ? 'failed' : 'pending', code, message, nextAt };
}

const keyOf = ({ job_id: jobId, path, directly }: StoreClaim, output: ReleasedOutput): string =>
  bucketKeyOf({ path, save_to_path_directly: directly }, { jobId, ...output });

const copyOf = (copies: readonly Copy[], { outputId }: ReleasedOutput): Copy | undefined =>
  copies.find(({ output_id }) => output_id === outputId);

const isDue = (copy: Copy | undefined, now: Date): boolean =>
  copy === undefined || (copy.next_at !== null && copy.next_at <= now);

/** The earliest next try of those that are still to come; `null`: each is delivered or given up. */
function nextOf(copies: readonly Copy[], outputs: readonly ReleasedOutput[]): Date | null {
  const nexts = outputs.flatMap((output) => copyOf(copies, output)?.next_at ?? []);
  return nexts.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
