import { bitsSet, hashOfHex } from '@safelight/perceptual-hash';
import type { BankKind } from './shelf.js';

/** The file cannot be taken in; the message is one sentence for a person and holds none of the hashes. */
export class BankFileRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BankFileRefused';
  }
}

/** What a file holds. */
export interface BankFile {
  readonly kind: BankKind;
  /** Sorted, each once, 32 bytes each. */
  readonly hashes: Buffer;
  readonly count: number;
  /** Hashes of pictures that show too little, left out. */
  readonly belowFloor: number;
}

/** A PDQ of lower quality matches pictures that have nothing to do with it. */
export const QUALITY_FLOOR = 50;
const MOST_QUALITY = 100;
/** In a file of so many hashes it shows of which kind they are. */
const TELLING = 20;

/**
 * Reads lines of 64 hexadecimal digits. Those of PDQ may have the quality after a comma, and more after
 * another, as the reference implementation writes them; a hash without one counts as good enough. `#`
 * starts a comment.
 *
 * @param said what the hashes are; needed where no line tells a quality
 * @throws BankFileRefused
 */
export function readBankFile(text: string, said?: BankKind): BankFile {
  const lines = text
    .split('\n')
    .map((line, at) => ({ text: line.replace(/#.*/, '').trim(), number: at + 1 }))
    .filter((line) => line.text !== '')
    .map(entryOf);
  if (lines.length === 0) throw new BankFileRefused('The file has no hashes.');
  const kind = said ?? (lines.some(({ quality }) => quality !== undefined) ? 'pdq' : undefined);
  if (kind === undefined) {
    throw new BankFileRefused('Say --kind pdq or --kind sha256: both are 64 hexadecimal digits.');
  }
  requireKind(lines, kind);
  const kept = lines.filter(({ quality = MOST_QUALITY }) => quality >= QUALITY_FLOOR);
  if (kept.length === 0) {
    throw new BankFileRefused(`No hash has a quality of ${QUALITY_FLOOR} or more.`);
  }
  const sorted = [...new Set(kept.map(({ hex }) => hex))].sort();
  return {
    kind,
    hashes: Buffer.from(sorted.join(''), 'hex'),
    count: sorted.length,
    belowFloor: lines.length - kept.length,
  };
}

interface Entry {
  readonly hex: string;
  readonly quality: number | undefined;
}

function entryOf({ text, number }: { text: string; number: number }): Entry {
  const [hash = '', quality] = text.split(',', 2).map((part) => part.trim());
  const hex = hash.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new BankFileRefused(`Line ${number} has no hash of 64 hexadecimal digits.`);
  }
  if (quality === undefined) return { hex, quality: undefined };
  if (!/^\d{1,3}$/.test(quality) || Number(quality) > MOST_QUALITY) {
    throw new BankFileRefused(`Line ${number}: a quality is a whole number from 0 to 100.`);
  }
  return { hex, quality: Number(quality) };
}

/** Half of the bits of a PDQ are set, by the way it is made; of SHA-256 that is one in twenty. */
function requireKind(lines: readonly Entry[], kind: BankKind): void {
  if (kind === 'sha256' && lines.some(({ quality }) => quality !== undefined)) {
    throw new BankFileRefused('SHA-256 has no quality: are these PDQ?');
  }
  if (lines.length < TELLING) return;
  const balanced = lines.filter(({ hex }) => isBalanced(hex)).length;
  const seems: BankKind = balanced * 2 > lines.length ? 'pdq' : 'sha256';
  if (seems !== kind) {
    const names = { pdq: 'PDQ', sha256: 'SHA-256' };
    throw new BankFileRefused(
      `By their bits these are no ${names[kind]}: are they ${names[seems]}?`,
    );
  }
}

const isBalanced = (hex: string): boolean =>
  [...(hashOfHex(hex) ?? [])].reduce((sum, word) => sum + bitsSet(word), 0) === 128;
