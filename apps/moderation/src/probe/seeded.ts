/** Numbers from 0 to 1 (excluded), the same ones for the same seed: mulberry32 over a hash of the words. */
export function seeded(words: string): () => number {
  let state = 2_166_136_261;
  for (let at = 0; at < words.length; at += 1) {
    state = Math.imul(state ^ words.charCodeAt(at), 16_777_619);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
