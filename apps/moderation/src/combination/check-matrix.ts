import type { Facts, Outcome } from './facts.js';
import { cellAt, cellCount, factsOf, graverThan } from './matrix.js';
import { faultOf, isMilder } from './oracle.js';

export interface MatrixResult {
  readonly cells: number;
  /** By verdict and rule. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Every cell that is wrong, and why. */
  readonly wrong: readonly string[];
}

/**
 * Every cell against the oracle; that nothing graver comes off more lightly; and that it makes no
 * difference whether anybody is seen, since words that undress are refused beside any picture.
 * @param combine what is checked
 * @param step 1 for all cells, n for each n-th
 */
export function checkMatrix(combine: (facts: Facts) => Outcome, step = 1): MatrixResult {
  const outcomes = new Map<string, number>();
  const wrong: string[] = [];
  let cells = 0;
  for (let index = 0; index < cellCount; index += step, cells++) {
    const cell = cellAt(index);
    const facts = factsOf(cell);
    const outcome = combine(facts);
    const name = `${outcome.verdict} ${outcome.ruleId ?? ''}`.trim();
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    const fault = faultOf(facts, outcome);
    const graver = graverThan(cell).map((one) => combine(factsOf(one)));
    const without = combine({ ...facts, seen: { ...facts.seen, person: 'none' } });
    if (fault !== undefined) wrong.push(`${JSON.stringify(cell)}: ${fault}`);
    if (graver.some((one) => isMilder(one, outcome))) wrong.push(`${JSON.stringify(cell)}: milder`);
    if (without.verdict !== outcome.verdict) wrong.push(`${JSON.stringify(cell)}: by person`);
  }
  return { cells, outcomes, wrong };
}
