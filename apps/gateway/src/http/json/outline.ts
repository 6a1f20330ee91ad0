/** How much structure a body may have; its bytes are limited elsewhere. */
export interface JsonLimits {
  /** Lists and objects within each other. */
  readonly depth: number;
  /** Members of all objects and items of all lists together. */
  readonly values: number;
}

export interface Excess {
  readonly of: keyof JsonLimits;
  /** Where it was found: names and indexes from the root on. */
  readonly path: readonly (string | number)[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const [COMMA, COLON] = [0x2c, 0x3a] as const;

/** 1 for the bytes that give a document its structure. */
const structural = new Uint8Array(256);
for (const byte of Buffer.from('"{}[],:')) structural[byte] = 1;

/** A value has at most a name and its colon, a comma, two brackets and the string that it is. */
const TOKENS_A_VALUE = 6;

/** A list or an object that the scan is within. */
interface Level {
  readonly isObject: boolean;
  /** Items passed so far. */
  index: number;
  /** The bytes of the member's name, quotes included. */
  name: readonly [from: number, to: number];
}

/**
 * Looks for more structure than a body may have, before anything is built from it: one pass over the
 * bytes that stops at the first excess and jumps over strings. What is not JSON may go through: the
 * parser says so better.
 */
export function excessIn(json: Buffer, limits: JsonLimits): Excess | undefined {
  const outline = new Outline(json, limits);
  const { length } = json;
  for (let at = 0; at < length; at += 1) {
    const byte = json[at] as number;
    if (structural[byte] === 0) continue;
    const end = byte === QUOTE ? endOfString(json, at) : at;
    const excess = outline.take(byte, at, end);
    if (excess !== undefined) return { of: excess, path: outline.path() };
    at = end;
  }
  return undefined;
}

/** Where a scan is. */
class Outline {
  private readonly levels: Level[] = [];
  private tokens = 0;
  private values = 0;
  private text: Level['name'] = [0, 0];

  constructor(
    private readonly json: Buffer,
    private readonly limits: JsonLimits,
  ) {}

  /** Takes a token from its first to its last byte. @returns the limit that it passes */
  take(byte: number, first: number, last: number): keyof JsonLimits | undefined {
    const level = this.levels.at(-1);
    this.tokens += 1;
    if (byte === QUOTE) this.text = [first, last + 1];
    else if (byte === COLON && level !== undefined) level.name = this.text;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.levels.pop();
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (this.levels.length === this.limits.depth) return 'depth';
      this.levels.push({ isObject: byte === OPEN_OBJECT, index: 0, name: [0, 0] });
    } else if (byte === COMMA && level !== undefined) {
      this.values += 1;
      level.index += 1;
    }
    // The first item of a list comes without a comma, so brackets alone can hold as much.
    const tokensMax = this.limits.values * TOKENS_A_VALUE;
    return this.values >= this.limits.values || this.tokens > tokensMax ? 'values' : undefined;
  }

  path(): Excess['path'] {
    return this.levels.map(({ isObject, index, name }) =>
      isObject ? nameIn(this.json.subarray(...name).toString()) : index,
    );
  }
}

/** The quote that ends the string begun at `start`; the end of the bytes if there is none. */
function endOfString(json: Buffer, start: number): number {
  const { length } = json;
  // Nearly all strings hold no quote, and the search is native; with one, escapes have to be read.
  const next = json.indexOf(QUOTE, start + 1);
  if (next === -1) return length;
  if (json[next - 1] !== BACKSLASH) return next;
  let at = start + 1;
  while (at < length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

function nameIn(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
