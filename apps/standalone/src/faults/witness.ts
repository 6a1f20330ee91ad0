import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import type { Receipt } from '@safelight/contracts';
import { getReceiptKeys, verifyReceipt } from '@safelight/contracts';
import type pg from 'pg';
import type { Fleet } from '../test/fleet.js';
import type { TestClient } from '../test/client.js';

/** What clients were given of one job's outputs. */
export interface Seen {
  readonly handedOut: number;
  /** Links that led to nothing: files that were changed. */
  readonly withheld: number;
  /** A sentence for each release that should not have been. */
  readonly breaches: readonly string[];
}

/** As much of a job as counts here; one that cannot be read has none of it. */
interface Job {
  readonly data?: { readonly outputs: readonly { readonly url: string }[] };
}

/**
 * Reads what a client can get at and compares it with what moderation has written down: a byte that left
 * must be covered by a passing receipt of moderation's own key for this very job.
 */
export class Witness {
  private constructor(
    private readonly admin: pg.Pool,
    private readonly key: KeyObject,
  ) {}

  static async of(fleet: Fleet, admin: pg.Pool): Promise<Witness> {
    const { keys } = await fleet.requests.request(getReceiptKeys, {});
    // The key of the run is the only one.
    const der = Buffer.from(keys[0]?.publicKey ?? '', 'base64');
    return new Witness(admin, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  }

  async look(client: TestClient, jobId: string): Promise<Seen> {
    const { data } = (await client.get(`/api/v1/jobs/${jobId}`)).json as Job;
    const outputs = data?.outputs ?? [];
    const seen = await Promise.all(outputs.map(({ url }) => this.follow(url, jobId)));
    return {
      handedOut: seen.filter((one) => one !== 'withheld').length,
      withheld: seen.filter((one) => one === 'withheld').length,
      breaches: seen.filter((one) => one !== 'withheld' && one !== 'covered'),
    };
  }

  private async follow(url: string, jobId: string): Promise<string> {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 410) return 'withheld';
    if (answer.status !== 200) return `${jobId}: a link answered ${answer.status}`;
    const digest = hash('sha256', bytes, 'hex');
    const receipts = await this.receiptsFor(jobId, digest);
    const covers = (receipt: Receipt) =>
      receipt.verdict === 'pass' &&
      receipt.jobId === jobId &&
      receipt.subjectDigest === digest &&
      verifyReceipt(this.key, receipt);
    return receipts.some(covers) ? 'covered' : `${jobId}: ${digest} left without a receipt`;
  }

  private async receiptsFor(jobId: string, digest: string): Promise<Receipt[]> {
    const { rows } = await this.admin.query<{ receipt: string }>(
      `select receipt from moderation.decisions
        where job_id = $1 and stage = 'output' and subject_digest = $2`,
      [jobId, digest],
    );
    return rows.map(({ receipt }) => JSON.parse(receipt) as Receipt);
  }
}
