import type { AskedSpec } from '@safelight/contracts';
import type { InputFile } from '../pictures/picture.js';

type Input = AskedSpec['inputs'][number];

/** Of nobody's picture: no object is laid down for a quote. */
const NO_DIGEST = '0'.repeat(64);

export const inputOf = (
  role: Input['role'],
  { mediaType, width, height }: Pick<InputFile, 'mediaType' | 'width' | 'height'>,
): Input => ({ role, key: '', digest: NO_DIGEST, mediaType, width, height });
