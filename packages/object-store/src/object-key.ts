/** Why a key was refused; the key itself is left out, because it may come from a stranger. */
export type KeyFault = 'empty' | 'too_long' | 'too_deep' | 'bad_segment' | 'media_type';

/** The key cannot name an object. */
export class ObjectKeyRefused extends Error {
  readonly code = 'object.key_refused';
  constructor(readonly fault: KeyFault) {
    super(`the object key is refused: ${fault}`);
    this.name = 'ObjectKeyRefused';
  }
}

/** So that a whole key fits into one file name. */
const maxKeyLength = 240;
const maxDepth = 8;

/**
 * A segment starts with a letter, digit, `_` or `-`, never with a dot: that excludes `.`, `..` and
 * hidden files in one rule, and the alphabet excludes separators, NUL, drive letters and escapes.
 */
const segmentPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['mp4', 'video/mp4'],
  ['json', 'application/json'],
]);
const unknownMediaType = 'application/octet-stream';

/**
 * The segments of a well-formed key: 1 to 8 of them, joined by single slashes, at most 240
 * characters together.
 * @throws ObjectKeyRefused
 */
export function keySegments(key: string): string[] {
  if (key === '') throw new ObjectKeyRefused('empty');
  if (key.length > maxKeyLength) throw new ObjectKeyRefused('too_long');
  const segments = key.split('/');
  if (segments.length > maxDepth) throw new ObjectKeyRefused('too_deep');
  if (!segments.every((segment) => segmentPattern.test(segment))) {
    throw new ObjectKeyRefused('bad_segment');
  }
  return segments;
}

/** The media type that the extension of a key stands for: the store keeps no other record of it. */
export function mediaTypeOf(key: string): string {
  const dot = key.lastIndexOf('.');
  const extension = dot > key.lastIndexOf('/') ? key.slice(dot + 1).toLowerCase() : '';
  return mediaTypes.get(extension) ?? unknownMediaType;
}
