import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { MediaType, StoredOutput } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import sharp from 'sharp';
import { type PictureLooks, PicturesUnseen } from '../images/picture-models.js';
import type { OutputClassifier } from '../outputs/inspection.js';

const formats: Readonly<Record<MediaType, 'png' | 'jpeg' | 'webp'>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
};
const unsafeMarker = 'safelight-test:unsafe';
const faultMarker = 'safelight-test:fault';

export interface TestImage {
  readonly mediaType?: MediaType;
  readonly width?: number;
  readonly height?: number;
  /** IPTC digital source type; `null` leaves the mark away. */
  readonly sourceType?: string | null;
  /** What the test classifier shall make of it. */
  readonly pretends?: 'unsafe' | 'fault';
  /** Makes images differ. */
  readonly shade?: number;
}

/** A plain coloured rectangle with the XMP packet of a machine-made picture. */
export async function testImage(image: TestImage = {}): Promise<Buffer> {
  const { mediaType = 'image/png', width = 16, height = 8, shade = 90 } = image;
  const source = image.sourceType === undefined ? 'algorithmicMedia' : image.sourceType;
  const mark = source === null ? '' : `http://cv.iptc.org/newscodes/digitalsourcetype/${source}`;
  const markers = { unsafe: unsafeMarker, fault: faultMarker, none: '' };
  const packet = [
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ` e:DigitalSourceType="${mark}" e:Note="${markers[image.pretends ?? 'none']}"/>`,
    '</rdf:RDF></x:xmpmeta>',
  ].join('');
  const plain = sharp({
    create: { width, height, channels: 3, background: { r: shade, g: 120, b: 160 } },
  });
  if (mediaType === 'image/png') return withPlainXmp(await plain.png().toBuffer(), packet);
  return plain.toFormat(formats[mediaType]).withXmp(packet).toBuffer();
}

const afterSignatureAndHeader = 8 + 25;

/** Puts an uncompressed XMP chunk behind the header of a PNG; sharp would compress it. */
function withPlainXmp(png: Buffer, packet: string): Buffer {
  const typeAndData = Buffer.from(`iTXtXML:com.adobe.xmp\0\0\0\0\0${packet}`);
  const chunk = Buffer.alloc(typeAndData.length + 8);
  chunk.writeUInt32BE(typeAndData.length - 4, 0);
  typeAndData.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(typeAndData), typeAndData.length + 4);
  const [head, rest] = [
    png.subarray(0, afterSignatureAndHeader),
    png.subarray(afterSignatureAndHeader),
  ];
  return Buffer.concat([head, chunk, rest]);
}

/** Reads its finding from the image itself; exists in tests alone. */
export const markerClassifier: OutputClassifier = {
  name: 'test-marker/1',
  look: async (image) => {
    const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
    if (bytes.includes(faultMarker)) throw new Error('the classifier failed');
    return { unsafe: bytes.includes(unsafeMarker), category: 'explicit' };
  },
};

/** What a worker would report about a stored image, unless `claims` say otherwise. */
export function reportOf(
  jobId: string,
  bytes: Buffer,
  claims: Partial<StoredOutput> = {},
): StoredOutput {
  const outputId = newId('out');
  return {
    outputId,
    key: `jobs/${jobId}/1/${outputId}.png`,
    digest: hash('sha256', bytes, 'hex'),
    mediaType: 'image/png',
    width: 16,
    height: 8,
    seed: 1,
    bytes: bytes.byteLength,
    ...claims,
  };
}

/** For what nobody has to look into: whoever asks all the same has no verdict. */
export const nobodyLooks: PictureLooks = {
  names: [],
  look: () => Promise.reject(new PicturesUnseen('nobody was to look')),
};
