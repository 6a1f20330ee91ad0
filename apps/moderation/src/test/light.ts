import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

/** That a machine made it. */
const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"/></rdf:RDF></x:xmpmeta>';

/** Blobs of light that no other picture has. */
export const scene = () => {
  const raw = { width: 24, height: 24, channels: 3 } as const;
  return sharp(randomBytes(24 * 24 * 3), { raw })
    .resize(128, 128, { fit: 'fill' })
    .png()
    .toBuffer();
};
/** As an output is stored. */
export const asJpeg = (picture: Buffer, quality: number) =>
  sharp(picture).jpeg({ quality }).withXmp(xmp).toBuffer();
