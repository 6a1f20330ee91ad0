import { crc32 } from 'node:zlib';
import { markMp4 } from '@safelight/film';
import sharp from 'sharp';
import type { EngineOutput, EngineRequest } from '../engine.js';
import { aiMark, ALGORITHMIC_MEDIA } from '../mark.js';
import { isOpaque, type Picture } from './picture.js';

export const MEDIA_TYPES = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
} as const satisfies Record<EngineRequest['format'], EngineOutput['mediaType']>;

/**
 * Encodes a picture in the format asked for, with the mark of its making in XMP. JPEG has no
 * transparency: there what is transparent lies on white. Quality is high and effort low: the picture should leave soon after its last pass.
 */
export async function encodePicture(
  made: Picture,
  request: Pick<EngineRequest, 'format' | 'model'>,
  digitalSourceType: string = ALGORITHMIC_MEDIA,
): Promise<Uint8Array> {
  const { rgba, width, height } = made;
  const pixels = sharp(rgba, { raw: { width, height, channels: 4 } });
  const picture = isOpaque(made) ? pixels.removeAlpha() : pixels;
  const mark = aiMark(`Safelight ${request.model}`, digitalSourceType);
  switch (request.format) {
    case 'png':
      return withPlainXmp(
        await picture.png({ compressionLevel: 4, adaptiveFiltering: false }).toBuffer(),
        mark,
      );
    case 'jpeg':
      return picture
        .flatten({ background: '#fff' })
        .withXmp(mark)
        .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
        .toBuffer();
    case 'webp':
      return picture.withXmp(mark).webp({ quality: 90, effort: 2 }).toBuffer();
  }
}

/** A film with the mark of its making, and without the hour of its making. */
export const markedFilm = (mp4: Uint8Array, { model }: Pick<EngineRequest, 'model'>): Uint8Array =>
  markMp4(mp4, aiMark(`Safelight ${model}`));

const IHDR_END = 33;

// sharp writes XMP into PNG compressed, where nobody who reads the raw bytes would find it;
// so the chunk is written here, uncompressed as the XMP specification (part 3) asks.
function withPlainXmp(png: Buffer, xmp: string): Buffer {
  const body = Buffer.from(`iTXtXML:com.adobe.xmp\0\0\0\0\0${xmp}`, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, IHDR_END), length, body, check, png.subarray(IHDR_END)]);
}
