import type { Readable } from 'node:stream';
import type { ObjectStore } from '@safelight/object-store';
import { ObjectNotFound, SignatureRefused, type SignedUrls } from '@safelight/object-store';
import { Problem } from '../http/problem.js';
import { notFound } from '../http/refusals.js';

export interface LinkedFile {
  readonly key: string;
  readonly stream: Readable;
  readonly bytes: number;
  readonly mediaType: string;
}

/**
 * What a signed link leads to. Links come from the release gate alone, so whoever reads files through
 * here, a client or the gateway itself, reads nothing that was not released.
 */
export class LinkedFiles {
  constructor(
    private readonly store: ObjectStore,
    private readonly urls: SignedUrls,
  ) {}

  /**
   * @param link whole, or its path and query
   * @throws Problem FORBIDDEN for a link that is not ours, was altered or has expired; NOT_FOUND for
   *   a file that is gone
   */
  async open(link: string): Promise<LinkedFile> {
    const { key } = this.verify(link);
    const object = await this.store.stream(key).catch(gone);
    return { key, ...object };
  }

  /** The whole file; throws as `open` does. */
  async read(link: string): Promise<Buffer> {
    const { key } = this.verify(link);
    const { bytes } = await this.store.get(key).catch(gone);
    return bytes;
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

function gone(error: unknown): never {
  throw error instanceof ObjectNotFound ? notFound() : error;
}
