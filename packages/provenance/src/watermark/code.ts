/** Bits of a payload. */
export const PAYLOAD_BITS = 64;
/** Zeros behind the payload, which bring the encoder back to its first state. */
const MEMORY = 6;
const STATES = 1 << MEMORY;
/**
 * The convolutional code of rate 1/3 and constraint length 7 with the largest free distance (15): Proakis,
 * "Digital Communications", table of rate 1/3 maximum free distance codes (octal 133, 145, 175).
 */
const GENERATORS = [0o133, 0o145, 0o175] as const;
const STEPS = PAYLOAD_BITS + MEMORY;
export const CODED_BITS = STEPS * GENERATORS.length;

const NEVER = -Infinity;

/** For each register of seven bits, what the three generators say: -1 or 1. */
const OUTPUTS = Array.from({ length: STATES * 2 }, (_, register) =>
  GENERATORS.map((generator) => (parity(register & generator) === 1 ? -1 : 1)),
);

function parity(value: number): number {
  let odd = 0;
  for (let rest = value; rest !== 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}

/** A payload with redundancy, as -1 and 1. */
export function encode(payload: bigint): Int8Array {
  const coded = new Int8Array(CODED_BITS);
  let register = 0;
  for (let step = 0; step < STEPS; step++) {
    const bit = step < PAYLOAD_BITS ? Number((payload >> BigInt(step)) & 1n) : 0;
    register = (bit << MEMORY) | (register >> 1);
    coded.set(OUTPUTS[register] ?? [], step * GENERATORS.length);
  }
  return coded;
}

/** The payload that is likeliest given what each coded bit looks like: Viterbi's algorithm on soft values. */
export function decode(soft: Float64Array): bigint {
  let likely = new Float64Array(STATES).fill(NEVER);
  likely[0] = 0;
  const cameFrom: Uint8Array[] = [];
  for (let step = 0; step < STEPS; step++) {
    const next = new Float64Array(STATES).fill(NEVER);
    const from = new Uint8Array(STATES);
    for (let state = 0; state < STATES; state++) {
      const so = likely[state] ?? NEVER;
      if (so === NEVER) continue;
      for (let bit = 0; bit < (step < PAYLOAD_BITS ? 2 : 1); bit++) {
        const register = (bit << MEMORY) | state;
        const score = so + agreement(OUTPUTS[register] ?? [], soft, step * GENERATORS.length);
        const to = register >> 1;
        if (score <= (next[to] ?? NEVER)) continue;
        next[to] = score;
        from[to] = state;
      }
    }
    likely = next;
    cameFrom.push(from);
  }
  return walkedBack(cameFrom);
}

function agreement(said: readonly number[], soft: Float64Array, at: number): number {
  return (
    (said[0] ?? 0) * (soft[at] ?? 0) +
    (said[1] ?? 0) * (soft[at + 1] ?? 0) +
    (said[2] ?? 0) * (soft[at + 2] ?? 0)
  );
}

/** A state's highest bit is the bit that led to it; the last state is 0. */
function walkedBack(cameFrom: readonly Uint8Array[]): bigint {
  let payload = 0n;
  let state = 0;
  for (let step = STEPS - 1; step >= 0; step--) {
    if (step < PAYLOAD_BITS) payload |= BigInt(state >> (MEMORY - 1)) << BigInt(step);
    state = cameFrom[step]?.[state] ?? 0;
  }
  return payload;
}
