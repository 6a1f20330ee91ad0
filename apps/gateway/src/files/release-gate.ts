import type { JobResource, JobView, Receipt } from '@safelight/contracts';
import { getConsent } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { SignedUrls } from '@safelight/object-store';
import type { Accounts } from '../accounts/accounts.js';
import { type KnownKeys, ReceiptKeys } from './receipt-keys.js';
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
 * this is the only caller of `SignedUrls.sign`, a link names the digest of its receipt, and what lies
 * in the store is compared with that before a byte of it leaves.
 */
export class ReleaseGate {
  private readonly verified = new Set<string>();
  private readonly keys: ReceiptKeys;

  constructor(
    private readonly services: RequestClient,
    private readonly urls: SignedUrls,
    private readonly stores: OutputStores,
    private readonly accounts: Pick<Accounts, 'isSuspended'>,
  ) {
    this.keys = new ReceiptKeys(services);
  }

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
    const keys = await this.keys.of(job.outputs.map(({ receipt }) => receipt));
    return job.outputs.filter((output) => this.passes(job, output, keys));
  }

  /**
   * The outputs that everybody may see: those of an owner who chose so, checked at the strictest
   * level, which stands for a review until people review. What began with a picture is never shown:
   * it may be that very picture again. Links do not name the owner.
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
    const grant = { method: 'GET', accountId: holder, expiresAt } as const;
    return (await this.passed(job)).map(({ key, digest, ...output }) => ({
      id: output.outputId,
      url: this.urls.sign({ ...grant, key, digest }, now),
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

  private passes(job: JobView, { digest, receipt }: Output, keys: KnownKeys): boolean {
    return (
      receipt.verdict === 'pass' &&
      receipt.stage === 'output' &&
      receipt.jobId === job.id &&
      receipt.accountId === job.accountId &&
      receipt.subjectDigest === digest &&
      this.isSigned(receipt, keys)
    );
  }

  private isSigned(receipt: Receipt, keys: KnownKeys): boolean {
    const mark = JSON.stringify(receipt);
    if (this.verified.has(mark)) return true;
    if (!keys.signed(receipt)) return false;
    if (this.verified.size >= REMEMBERED_RECEIPTS) this.verified.clear();
    this.verified.add(mark);
    return true;
  }
}
