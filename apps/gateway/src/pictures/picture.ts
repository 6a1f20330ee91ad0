import type { MediaType, OutputMediaType } from '@safelight/contracts';

/** What a picture looks like from afar. */
export interface PictureShape {
  readonly mediaType: MediaType;
  readonly width: number;
  readonly height: number;
}

/** A file that was taken in for a job, in memory only. */
export interface InputFile {
  readonly mediaType: OutputMediaType;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
  /** SHA-256 of the file as it was sent, and as it was drawn anew. */
  readonly digests: readonly string[];
}

/** A picture that was taken in: drawn anew, without metadata, in memory only. */
export interface Picture extends PictureShape {
  readonly bytes: Buffer;
  /** SHA-256 of the picture as it was sent, and as it was drawn anew. */
  readonly digests: readonly string[];
}
