import { OrderThread } from '../thread/order-thread.js';
import type { Claim, SignedMediaType } from './claim.js';
import type { SigningIdentity } from './test-authority.js';

export interface SignerGiven {
  readonly identity: SigningIdentity;
  readonly timestampUrl: string;
}
export type Order =
  | { readonly kind: 'try' }
  | {
      readonly kind: 'sign';
      readonly bytes: Uint8Array;
      readonly mediaType: SignedMediaType;
      readonly claim: Claim;
    };

/**
 * Signs content credentials (C2PA) into files, on a thread of its own: the library's native part keeps a process
 * alive for as long as it remembers a signer.
 */
export class CredentialsSigner {
  private constructor(private readonly thread: OrderThread<Order>) {}

  /**
   * @param timestampUrl of a time-stamp authority that speaks RFC 3161
   * @throws Error that says why nothing can be signed with this key, certificate or machine
   */
  static async open(identity: SigningIdentity, timestampUrl: string): Promise<CredentialsSigner> {
    const given: SignerGiven = { identity, timestampUrl };
    const thread = new OrderThread<Order>(new URL('./signing.thread.js', import.meta.url), given);
    try {
      await thread.order({ kind: 'try' });
    } catch (error) {
      await thread.close();
      throw error;
    }
    return new CredentialsSigner(thread);
  }

  /** The file with its credentials. @throws Error in words alone, also where the clock does not answer */
  async sign(bytes: Uint8Array, mediaType: SignedMediaType, claim: Claim): Promise<Buffer> {
    const order = { kind: 'sign', bytes, mediaType, claim } as const;
    return Buffer.from((await this.thread.order(order)) as Uint8Array);
  }

  /** What is under way is given up. */
  close(): Promise<void> {
    return this.thread.close();
  }
}
