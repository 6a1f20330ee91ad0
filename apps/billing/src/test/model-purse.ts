import { captureGraceMs, type CaptureHold } from '../ledger/ledger.js';

/** Coins of one kind: `paid`, `given`, or the name of a grant that ends. */
export interface Pile {
  name: string;
  /** Epoch milliseconds; infinity for never. */
  endsAt: number;
  size: bigint;
}

/** Piles of coins, in the order in which they are spent. */
export class Purse {
  piles: Pile[] = [];
  held = 0n;

  constructor(piles: readonly Pile[] = []) {
    for (const pile of piles) this.put(pile);
  }

  copy(): Purse {
    const copy = new Purse(this.piles);
    copy.held = this.held;
    return copy;
  }

  get available(): bigint {
    return this.piles.reduce((sum, { size }) => sum + size, 0n);
  }

  /** How much of it can be spent. */
  good(nowMs: number): bigint {
    return this.piles.reduce((sum, { endsAt, size }) => (endsAt > nowMs ? sum + size : sum), 0n);
  }

  sizeOf(name: string): bigint {
    return this.piles.find((pile) => pile.name === name)?.size ?? 0n;
  }

  put({ name, endsAt, size }: Pile): void {
    const known = this.piles.find((pile) => pile.name === name);
    if (known) known.size += size;
    else this.piles.push({ name, endsAt, size });
    this.tidy();
  }

  /** Takes coins of all kinds, one after the other. */
  spend(amount: bigint, nowMs: number): Pile[] {
    const spent: Pile[] = [];
    let rest = amount;
    for (const pile of this.piles) {
      if (pile.endsAt <= nowMs || rest === 0n) continue;
      const part = pile.size < rest ? pile.size : rest;
      spent.push({ ...pile, size: part });
      pile.size -= part;
      rest -= part;
    }
    if (rest > 0n) throw new Error('the model spent what was not there');
    this.tidy();
    return spent;
  }

  /** Takes coins of one kind, as many as there are. @returns how many */
  take(name: string, most: bigint): bigint {
    const there = this.sizeOf(name);
    const taken = there < most ? there : most;
    for (const pile of this.piles) if (pile.name === name) pile.size -= taken;
    this.tidy();
    return taken;
  }

  text(): string {
    return this.piles.map(({ name, size }) => `${name} ${size}`).join(', ');
  }

  private tidy(): void {
    const last = ({ name }: Pile) => (name === 'paid' ? 2 : name === 'given' ? 1 : 0);
    this.piles = this.piles
      .filter(({ size }) => size > 0n)
      .sort((a, b) => {
        if (last(a) || last(b)) return last(a) - last(b);
        return a.endsAt === b.endsAt ? (a.name < b.name ? -1 : 1) : a.endsAt - b.endsAt;
      });
  }
}

/** As refunds take their shares. */
export function boughtFirst(spent: readonly Pile[]): Pile[] {
  const named = (name: string) => spent.filter((pile) => pile.name === name);
  const ending = spent.filter(({ endsAt }) => endsAt !== Infinity);
  return [...named('paid'), ...named('given'), ...ending];
}

/** Each pile's part of an amount, rounded up while something is left. */
export function fairShares(piles: readonly Pile[], amount: bigint): Pile[] {
  let rest = amount;
  let whole = piles.reduce((sum, { size }) => sum + size, 0n);
  return piles.map((pile) => {
    const exact = rest * pile.size;
    const share = whole === 0n ? 0n : exact / whole + (exact % whole > 0n ? 1n : 0n);
    rest -= share;
    whole -= pile.size;
    return { ...pile, size: share };
  });
}

/** Coins that came in, and how many of them were taken back. */
export interface ModelSource {
  account: string;
  amount: bigint;
  pile: Omit<Pile, 'size'>;
  undone: bigint;
}

export interface ModelHold {
  account: string;
  item: string;
  price: bigint;
  endsAt: number;
  piles: Pile[];
  end?: string;
  /** What was captured and not refunded, in the order of refunds: paid, given, then by time. */
  charged: Pile[];
}

/** What a capture takes, or why nothing. */
export function captureOf(
  { numerator, denominator }: CaptureHold,
  hold: ModelHold,
  nowMs: number,
): string | { kind: string; taken: bigint } {
  if (numerator > denominator) return 'refused capture.exceeds_hold';
  if (nowMs > hold.endsAt + captureGraceMs) return { kind: 'expired', taken: 0n };
  const share = hold.price * BigInt(numerator);
  const taken = (share - (share % BigInt(denominator))) / BigInt(denominator);
  return { kind: 'captured', taken };
}

/** Something that is done once: what was asked, and what was answered. */
export interface Done {
  asked: string;
  answer: string;
}
