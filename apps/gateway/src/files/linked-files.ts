import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore } from '@safelight/object-store';
import {
  ObjectAltered,
  ObjectNotFound,
  SignatureRefused,
  type SignedUrls,
} from '@safelight/object-store';
import type { Accounts } from '../accounts/accounts.js';
import { Problem } from '../http/problem.js';
import { type ByteRange, byteRange } from './byte-range.js';

export interface LinkedFile {
  readonly key: string;
  readonly stream: Readable;
  /** Of the whole file. */
  readonly bytes: number;
  readonly mediaType: string;
  /** What of it the stream tells, where that is not all. */
  readonly range: ByteRange | undefined;
}

/**
 * What a signed link leads to. Links come from the release gate alone, so whoever reads files through
 * here, a client or the gateway itself, reads nothing that was not released.
 */
export class LinkedFiles {
  constructor(
    private readonly store: ObjectStore,
    private readonly urls: SignedUrls,
    private readonly accounts: Pick<Accounts, 'isSuspended'>,
  ) {}

  /**
   * @param link whole, or its path and query
   * @param wanted a `Range` header
   * @throws Problem FORBIDDEN for a link that is not ours, was altered or has expired; GONE for a file
   *   that is deleted, or does not hold the bytes any more that were checked
   */
  async open(link: string, wanted?: string): Promise<LinkedFile> {
    const { key, digest } = await this.grantIn(link);
    const whole = await this.store.stream(key, undefined, digest).catch(gone);
    const range = byteRange(wanted, whole.bytes);
    if (range === undefined) return { key, ...whole, range };
    // Only an open file tells its size, and only with that a range is known.
    whole.stream.destroy();
    return { key, ...(await this.store.stream(key, range, digest).catch(gone)), range };
  }

  /** The whole file; throws as `open` does. */
  async read(link: string): Promise<Buffer> {
    return buffer((await this.open(link)).stream);
  }

  /** Of a link that is good, and whose account is. */
  private async grantIn(link: string) {
    const grant = this.verify(link);
    if (!(await this.accounts.isSuspended(grant.accountId))) return grant;
    throw new Problem('FORBIDDEN', 'The account that this link belongs to is suspended.');
  }

  private verify(link: string) {
    try {
      return this.urls.verify(link, 'GET', new Date());
    } catch (error) {
      if (!(error instanceof SignatureRefused)) throw error;
      throw new Problem(
        'FORBIDDEN',
        'This link has expired or was altered; read the job again for a fresh one.',
      );
    }
  }
}

/** The link is ours and was good: there was a file, and now there is none, or not that one. */
function gone(error: unknown): never {
  if (error instanceof ObjectAltered)
    throw new Problem(
      'GONE',
      'This file is not what was checked any more, so it is not handed out; make the picture again.',
    );
  if (!(error instanceof ObjectNotFound)) throw error;
  throw new Problem('GONE', 'This file was deleted; read the job to see what there is.');
}
