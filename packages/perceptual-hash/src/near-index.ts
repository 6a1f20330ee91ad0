import { bitsSet, type Hash, WORDS } from './hash.js';

/** At most so many of 256 bits differ between two hashes of what counts as the same picture. */
export const SAME_WITHIN = 31;

const BANDS = 16;
const BITS_OF_BAND = 16;
const VALUES_OF_BAND = 1 << BITS_OF_BAND;
/** Of eight pairs of bands, one has no more of 31 bits that differ. */
const PAIR_WITHIN = 3;
/** Below so many hashes, looking at all of them is faster than the tables and needs no memory. */
export const TABLES_FROM = 20_000;

type Words = Uint32Array<SharedArrayBuffer>;

/** What an index is made of: memory that threads share. */
export interface NearTables {
  /** All hashes, eight words each. */
  readonly words: Words;
  /** Left out where there are few hashes. */
  readonly bands?: BandTables;
}

interface BandTables {
  /** Band by band and value by value, where the hashes with this value begin in `members`. */
  readonly starts: Words;
  /** Band by band, which hashes there are, by the value of the band. */
  readonly members: Words;
  /** In the same order, the value of the band that makes a pair with this one. */
  readonly partners: Uint16Array<SharedArrayBuffer>;
}

/** A hash that was found: its place among all, and how many bits differ. */
export interface Near {
  readonly at: number;
  readonly distance: number;
}

/**
 * Sorts hashes by each of their sixteen bands of 16 bits; takes a second or so for a million. Memory:
 * 32 bytes a hash; from `tablesFrom` hashes on 96 bytes more, and 4 MiB.
 */
export function nearTables(words: Words, tablesFrom = TABLES_FROM): NearTables {
  const count = words.length / WORDS;
  if (count < tablesFrom) return { words };
  const starts = shared(BANDS * (VALUES_OF_BAND + 1));
  const members = shared(BANDS * count);
  const partners = new Uint16Array(new SharedArrayBuffer(BANDS * count * 2));
  for (let band = 0; band < BANDS; band++) {
    const first = band * (VALUES_OF_BAND + 1);
    const own = starts.subarray(first, first + VALUES_OF_BAND + 1);
    countValues(words, band, own);
    const next = own.slice();
    for (let at = 0; at < count; at++) {
      const value = bandOf(words, at, band);
      const place = next[value] ?? 0;
      members[band * count + place] = at;
      partners[band * count + place] = bandOf(words, at, band ^ 1);
      next[value] = place + 1;
    }
  }
  return { words, bands: { starts, members, partners } };
}

/** How many hashes have a lower value in this band, for each value. */
function countValues(words: Words, band: number, own: Uint32Array): void {
  for (let at = 0; at < words.length / WORDS; at++) {
    const above = bandOf(words, at, band) + 1;
    own[above] = (own[above] ?? 0) + 1;
  }
  for (let value = 1; value <= VALUES_OF_BAND; value++) {
    own[value] = (own[value] ?? 0) + (own[value - 1] ?? 0);
  }
}

const shared = (length: number): Words =>
  new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));

/** Memory for so many hashes that threads can share. */
export const wordsFor = (count: number): Words => shared(count * WORDS);

const bandOf = (words: Uint32Array, at: number, band: number): number =>
  ((words[at * WORDS + (band >> 1)] ?? 0) >>> ((band & 1) * BITS_OF_BAND)) & (VALUES_OF_BAND - 1);

/**
 * The hashes near one, by multi-index hashing (Norouzi, Punjani, Fleet, "Fast Search in Hamming Space
 * with Multi-Index Hashing", CVPR 2012). Where at most 31 of 256 bits differ, at most 3 do in one of
 * the eight words, and at most 1 in a half of that word. So for each half the hashes are looked up
 * that have its value or one a bit away from it: some 4,000 of a million if their bits are well
 * spread, of which the other half, kept beside, leaves some forty to be compared.
 */
export class NearIndex {
  readonly count: number;

  constructor(private readonly tables: NearTables) {
    this.count = tables.words.length / WORDS;
  }

  /** Bytes of memory. */
  get bytes(): number {
    const { words, bands } = this.tables;
    const { starts, members, partners } = bands ?? {};
    const all = [words, starts, members, partners];
    return all.reduce((sum, one) => sum + (one?.byteLength ?? 0), 0);
  }

  /** All hashes with at most 31 bits that differ from those of `hash`, by their place. */
  near(hash: Hash): Near[] {
    const { bands } = this.tables;
    if (bands === undefined) return this.scan(hash);
    const found = new Map<number, number>();
    for (let band = 0; band < BANDS; band++) {
      const value = bandOf(hash, 0, band);
      const partner = bandOf(hash, 0, band ^ 1);
      this.look(hash, bands, { band, value, partner, within: PAIR_WITHIN, found });
      for (let bit = 0; bit < BITS_OF_BAND; bit++) {
        const near = { band, value: value ^ (1 << bit), partner, within: PAIR_WITHIN - 1, found };
        this.look(hash, bands, near);
      }
    }
    return inOrder(found);
  }

  /** The same by looking at every hash. */
  scan(hash: Hash): Near[] {
    const found = new Map<number, number>();
    for (let at = 0; at < this.count; at++) this.compare(hash, at, found);
    return inOrder(found);
  }

  private look(hash: Hash, { starts, members, partners }: BandTables, where: Look): void {
    const { band, value, partner, within, found } = where;
    const first = band * (VALUES_OF_BAND + 1) + value;
    const own = band * this.count;
    const end = own + (starts[first + 1] ?? 0);
    for (let place = own + (starts[first] ?? 0); place < end; place++) {
      if (bitsSet((partners[place] ?? 0) ^ partner) > within) continue;
      this.compare(hash, members[place] ?? 0, found);
    }
  }

  private compare(hash: Hash, at: number, found: Map<number, number>): void {
    const { words } = this.tables;
    let bits = 0;
    for (let word = 0; word < WORDS; word++) {
      bits += bitsSet((words[at * WORDS + word] ?? 0) ^ (hash[word] ?? 0));
      if (bits > SAME_WITHIN) return;
    }
    found.set(at, bits);
  }
}

/** Hashes with this value in a band, whose other half of the word differs in so many bits at most. */
interface Look {
  readonly band: number;
  readonly value: number;
  readonly partner: number;
  readonly within: number;
  readonly found: Map<number, number>;
}

const inOrder = (found: ReadonlyMap<number, number>): Near[] =>
  [...found].map(([at, distance]) => ({ at, distance })).sort((a, b) => a.at - b.at);
