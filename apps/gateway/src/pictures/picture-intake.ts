import { hash } from 'node:crypto';
import { decodeBase64Image, type ImageIntake } from '@safelight/image-intake';
import type { Egress } from '@safelight/egress';
import type { Uploads } from '../uploads/uploads.js';
import { fetchedBadly, namesNoUpload, problemOfPicture } from './picture.refusals.js';
import type { Picture, PictureShape } from './picture.js';

/** A picture in JSON, decoded: 3.4 MB. */
export const INLINE_MAX_BYTES = 3_400_000;
/** An upload, or what a URL answers with: 10 MB. */
export const UPLOAD_MAX_BYTES = 10_000_000;
/** 16 megapixels. */
export const UPLOAD_MAX_PIXELS = 16_000_000;

const FETCH_TIMEOUT_MS = 10_000;
const REDIRECTS_MAX = 3;
const OK = 200;
const UPLOAD = /^upl_/;
const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i;

/** A field of a request that holds a picture. */
export interface PictureField {
  /** JSON pointer of the field; empty where the body is the picture. */
  readonly pointer: string;
  /** Base64, the id of an upload, or an https URL. */
  readonly reference: string;
}

export interface PictureIntakeParts {
  readonly intake: Pick<ImageIntake, 'clean'>;
  readonly egress: Pick<Egress, 'fetch'>;
  readonly uploads: Pick<Uploads, 'open' | 'get'>;
}

/**
 * The one way of pictures into jobs and uploads, whatever they are given as. Faults name the field
 * that they were found in.
 */
export class PictureIntake {
  constructor(private readonly parts: PictureIntakeParts) {}

  /** @throws Problem PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA, VALIDATION_ERROR, NOT_FOUND, SERVICE_UNAVAILABLE */
  async read(accountId: string, { pointer, reference }: PictureField): Promise<Picture> {
    if (UPLOAD.test(reference)) return this.opened(accountId, reference, pointer);
    return this.clean(await this.bytesOf(reference, pointer), pointer);
  }

  /** How large it is: of an upload as was recorded, else by taking it in. @throws as `read` */
  async measure(accountId: string, { pointer, reference }: PictureField): Promise<PictureShape> {
    try {
      if (UPLOAD.test(reference)) return await this.parts.uploads.get(accountId, reference);
    } catch (error) {
      throw namesNoUpload(error, pointer);
    }
    return this.clean(await this.bytesOf(reference, pointer), pointer);
  }

  /** Draws it anew in a process of its own. @throws Problem, as `read` */
  async clean(bytes: Buffer, pointer: string): Promise<Picture> {
    try {
      const { sha256, ...image } = await this.parts.intake.clean(bytes);
      return { ...image, digests: [hash('sha256', bytes, 'hex'), sha256] };
    } catch (error) {
      throw problemOfPicture(error, pointer);
    }
  }

  private async opened(accountId: string, id: string, pointer: string): Promise<Picture> {
    try {
      return await this.parts.uploads.open(accountId, id);
    } catch (error) {
      throw namesNoUpload(error, pointer);
    }
  }

  private async bytesOf(reference: string, pointer: string): Promise<Buffer> {
    try {
      if (!URL_LIKE.test(reference)) return decodeBase64Image(reference, INLINE_MAX_BYTES);
      const { status, body } = await this.parts.egress.fetch(reference, {
        ...{ maxBytes: UPLOAD_MAX_BYTES, timeoutMs: FETCH_TIMEOUT_MS, maxRedirects: REDIRECTS_MAX },
        headers: { accept: 'image/png, image/jpeg, image/webp' },
      });
      if (status !== OK) throw fetchedBadly(status, pointer);
      return body;
    } catch (error) {
      throw problemOfPicture(error, pointer);
    }
  }
}
