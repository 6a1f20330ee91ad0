import { buffer } from 'node:stream/consumers';
import { Controller, Inject } from '@nestjs/common';
import type { JobView } from '@safelight/contracts';
import { getJob, listReleased, PIECE_BYTES, readReleased } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers, RequestClient } from '@safelight/messaging';
import { ObjectAltered, ObjectNotFound, type ObjectStore } from '@safelight/object-store';
import type { z } from 'zod';
import { Accounts } from '../accounts/accounts.js';
import { ReleaseGate } from '../files/release-gate.js';
import { OBJECT_STORE } from '../tokens.js';

/**
 * Hands outputs to whoever copies them into customers' buckets. That service talks to strangers: it
 * reads no store, and gets from here what has passed the release gate and nothing else.
 */
@Controller()
export class ReleasedController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Answers(listReleased)
  async list(asked: z.output<typeof listReleased.request>) {
    const job = await this.find(asked);
    if (job === undefined) return { state: 'unknown' as const, outputs: [] };
    const outputs = await this.passed(job);
    return {
      state: stateOf(job),
      outputs: outputs.map(({ outputId, digest, mediaType }) => ({ outputId, digest, mediaType })),
    };
  }

  @Answers(readReleased)
  async read({ outputId, offset, ...asked }: z.output<typeof readReleased.request>) {
    const job = await this.find(asked);
    const passed = job === undefined ? [] : await this.passed(job);
    const output = passed.find((one) => one.outputId === outputId);
    if (output === undefined) return { piece: null };
    try {
      const range = { start: offset, end: offset + PIECE_BYTES - 1 };
      const { stream, bytes } = await this.store.stream(output.key, range, output.digest);
      return { piece: { bytes: (await buffer(stream)).toString('base64'), total: bytes } };
    } catch (error) {
      if (error instanceof ObjectNotFound || error instanceof ObjectAltered) return { piece: null };
      throw error;
    }
  }

  /** Nothing of a suspended account leaves. */
  private async passed(job: JobView) {
    return (await this.accounts.isSuspended(job.accountId)) ? [] : this.gate.passed(job);
  }

  private async find(asked: { jobId: string; accountId: string }): Promise<JobView | undefined> {
    try {
      return await this.services.request(getJob, asked);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'job.not_found') return undefined;
      throw error;
    }
  }
}

function stateOf({ deletedAt, endedAt, status }: JobView) {
  if (deletedAt !== null) return 'deleted';
  if (endedAt === null) return 'open';
  return status === 'completed' ? 'completed' : 'without_outputs';
}
