import { cellCount, checkMatrix, combine, contextCount } from '@safelight/moderation/bench';
import { figure, say } from './say.js';

/** The combination of what is asked and what is seen, every cell against the oracle. */
export function benchMatrix(): void {
  const began = performance.now();
  const { cells, outcomes, wrong } = checkMatrix(combine);
  const seconds = (performance.now() - began) / 1_000;
  say(`\n${figure(cells)} of ${figure(cellCount)} cells of the combination matrix`);
  say(`  operation × person × intent × models' state × age × mosaic × nudity × mask × consent`);
  for (const [name, count] of [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    say(`  ${name.padEnd(44)}${figure(count).padStart(9)}`);
  }
  say(`  wrong                                       ${figure(wrong.length).padStart(9)}`);
  for (const one of wrong.slice(0, 20)) say(`    ${one}`);
  say(
    `  plan × role × kind of key × dialect: the same for all ${contextCount}, since nobody tells the combination`,
  );
  say(`  ${figure(seconds, 1)} s`);
  if (wrong.length > 0) process.exitCode = 1;
}
