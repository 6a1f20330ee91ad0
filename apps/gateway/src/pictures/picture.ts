import type { MediaType } from '@safelight/contracts';

/** A picture that was taken in: drawn anew, without metadata, in memory only. */
export interface Picture {
  readonly bytes: Buffer;
  readonly mediaType: MediaType;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the picture as it was sent, and as it was drawn anew. */
  readonly digests: readonly string[];
}
