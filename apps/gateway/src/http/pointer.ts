const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Longest part of a pointer that is told back, in UTF-16 units. */
const PART_MAX = 64;

/**
 * JSON pointer (RFC 6901) to what the names and indexes lead to; '' for the root. A name that no
 * text may contain is told with U+FFFD in place of what is wrong with it.
 */
export const pointerTo = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${escape(told(String(part)))}`).join('');

const told = (part: string): string =>
  part.slice(0, PART_MAX).toWellFormed().replaceAll('\u0000', '\uFFFD');
