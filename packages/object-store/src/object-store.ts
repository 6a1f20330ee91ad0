import type { Readable } from 'node:stream';

/** What a put leaves behind. */
export interface StoredObject {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string;
  readonly bytes: number;
}

/**
 * Where produced files live. An object is written once and never changed: its key belongs to one
 * attempt of one job, so a second put with the same bytes is a harmless repetition and one with
 * other bytes is refused.
 */
export interface ObjectStore {
  /**
   * Stores all of `bytes` or nothing; a reader never sees a part.
   * @throws ObjectKeyRefused for a malformed key, or one whose extension says another media type.
   * @throws ObjectConflict when the key already holds other bytes.
   */
  put(key: string, bytes: Uint8Array, options: { mediaType: string }): Promise<StoredObject>;
  /**
   * @param options.bytes the size that the object must have; one of another size is not read
   * @throws ObjectNotFound, ObjectKeyRefused, ObjectSizeDiffers
   */
  get(key: string, options?: { bytes?: number }): Promise<{ bytes: Buffer; mediaType: string }>;
  /**
   * As `get`, without holding the whole object in memory. The caller must consume or destroy it.
   * @param range first and last byte to read, both included; `bytes` tells of the whole object
   * @param digest SHA-256 in lower-case hex that the whole object must have, whatever part is read
   * @throws ObjectNotFound, ObjectKeyRefused, ObjectAltered
   */
  stream(
    key: string,
    range?: { start: number; end: number },
    digest?: string,
  ): Promise<{ stream: Readable; bytes: number; mediaType: string }>;
  exists(key: string): Promise<boolean>;
  /** Nothing happens when there is no such object. */
  delete(key: string): Promise<void>;
  /**
   * The keys below `prefix`, in pages and in no order: `jobs/job_1` names `jobs/job_1/1/a.png` and
   * nothing of `jobs/job_10`. Two segments are found at once, one takes a look at the whole store.
   * What is put or deleted meanwhile may be missed or named. @throws ObjectKeyRefused
   */
  list(prefix: string): AsyncIterable<readonly string[]>;
  /** When the object was put, by the store's own clock; `undefined` when there is none. */
  writtenAt(key: string): Promise<Date | undefined>;
}

/** No object has this key. */
export class ObjectNotFound extends Error {
  readonly code = 'object.not_found';
  constructor(readonly key: string) {
    super(`there is no object ${key}`);
    this.name = 'ObjectNotFound';
  }
}

/** The key already holds other bytes; what was stored first stands. */
export class ObjectConflict extends Error {
  readonly code = 'object.conflict';
  constructor(readonly key: string) {
    super(`object ${key} already holds other bytes`);
    this.name = 'ObjectConflict';
  }
}

/** The object is not what was put: somebody changed its bytes, or the disk did. */
export class ObjectAltered extends Error {
  readonly code = 'object.altered';
  constructor(readonly key: string) {
    super(`object ${key} does not hold the bytes that were put`);
    this.name = 'ObjectAltered';
  }
}

/** The object is larger or smaller than whoever asked for it was told. */
export class ObjectSizeDiffers extends Error {
  readonly code = 'object.size_differs';
  constructor(readonly key: string) {
    super(`object ${key} has another size`);
    this.name = 'ObjectSizeDiffers';
  }
}
