import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JobResource, JobView, Receipt } from '@safelight/contracts';
import { getConsent, getReceiptKey, verifyReceipt } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { SignedUrls } from '@safelight/object-store';
import type { Accounts } from '../accounts/accounts.js';
import type { OutputStores } from '../storage/output-stores.js';

type ReleasedOutput = JobResource['outputs'][number];
type Output = JobView['outputs'][number];

const LINK_LIFETIME_MS = 15 * 60 * 1000;
/** The strictest check of outputs that there is. */
export const STRICTEST = 2;
/** Stands in links for whoever holds them. */
const EVERYBODY = 'public';
/** Receipts verified lately, so that a client that polls does not cost a signature check each time. */
const REMEMBERED_RECEIPTS = 10_000;

/**
 * Hands moderated output to the customer. No URL is signed for an output without a passing receipt
 * of moderation, signed, for this very job and these very bytes (policy F6). There is no way round:
 * this is the only caller of `SignedUrls.sign`.
 */
export class ReleaseGate {
  private readonly verified = new Set<string>();
  private key: Promise<KeyObject> | undefined;

  constructor(
    private readonly services: RequestClient,
    private readonly urls: SignedUrls,
    private readonly stores: OutputStores,
    private readonly accounts: Pick<Accounts, 'isSuspended'>,
  ) {}

  /**
   * The outputs that may be handed out now, each with a link that lives 15 minutes and, where the owner
   * wanted copies in a bucket, what became of its copy.
   */
  async release(job: JobView, now = new Date()): Promise<ReleasedOutput[]> {
    return this.stores.told(job, await this.sign(job, job.accountId, now));
  }

  /** The outputs whose bytes may leave: the same that `release` gives links to. */
  async passed(job: JobView): Promise<Output[]> {
    if (job.status !== 'completed' || !(await this.isAgreed(job))) return [];
    const key = await this.receiptKey();
    return job.outputs.filter((output) => this.passes(job, output, key));
  }

  /**
   * The outputs that everybody may see: those of an owner who chose so, checked at the strictest
   * level, which stands for a review until people review. What began with a picture is never shown:
   * nobody looks into pictures yet, and it may be that very picture again. Links do not name the owner.
   */
  async publish(job: JobView, now = new Date()): Promise<ReleasedOutput[]> {
    const { visibility, moderationLevel, test, inputs } = job.spec;
    const strict = moderationLevel === STRICTEST && inputs.length === 0;
    const shown = visibility === 'public' && strict && test === undefined;
    // Nobody is to be shown what a suspended account made; and these links do not name it.
    if (!shown || (await this.accounts.isSuspended(job.accountId))) return [];
    return this.sign(job, EVERYBODY, now);
  }

  private async sign(job: JobView, holder: string, now: Date): Promise<ReleasedOutput[]> {
    const expiresAt = new Date(now.getTime() + LINK_LIFETIME_MS);
    return (await this.passed(job)).map((output) => ({
      id: output.outputId,
      url: this.urls.sign({ method: 'GET', key: output.key, accountId: holder, expiresAt }, now),
      media_type: output.mediaType,
      width: output.width,
      height: output.height,
      seed: output.seed,
      expires_at: expiresAt.toISOString(),
      moderation: {
        valid: true,
        confidence: output.receipt.confidence,
        decision_id: output.receipt.decisionId,
      },
    }));
  }

  /** From the moment of its revocation, not only once the files are gone. */
  private async isAgreed({ accountId, spec: { consent } }: JobView): Promise<boolean> {
    if (consent === undefined) return true;
    const { live } = await this.services.request(getConsent, { accountId, consentId: consent });
    return live;
  }

  private passes(job: JobView, { digest, receipt }: Output, key: KeyObject): boolean {
    return (
      receipt.verdict === 'pass' &&
      receipt.stage === 'output' &&
      receipt.jobId === job.id &&
      receipt.accountId === job.accountId &&
      receipt.subjectDigest === digest &&
      this.isSigned(receipt, key)
    );
  }

  private isSigned(receipt: Receipt, key: KeyObject): boolean {
    const mark = JSON.stringify(receipt);
    if (this.verified.has(mark)) return true;
    if (!verifyReceipt(key, receipt)) return false;
    if (this.verified.size >= REMEMBERED_RECEIPTS) this.verified.clear();
    this.verified.add(mark);
    return true;
  }

  /** Moderation's public key, asked for once; asked again after a failure. */
  private receiptKey(): Promise<KeyObject> {
    this.key ??= this.services.request(getReceiptKey, {}).then(
      ({ publicKey }) =>
        createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
      (error: unknown) => {
        this.key = undefined;
        throw error;
      },
    );
    return this.key;
  }
}
