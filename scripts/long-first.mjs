import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/**
 * Files of which each takes a large part of its tier. Jest learns that by itself, but not in a fresh
 * clone: there it begins with the largest files, and one of these may be left for the end, alone.
 */
const LONG = [
  /api\.contract\.e2e/,
  /(duplicates|faults|traces|gateways)\.e2e/,
  /(api|following|payments|pictures)\.e2e/,
  /(take-over|hostile|ledger\.property|scale|start-postgres|sending)\.int/,
];

/** The long ones first, the others in the order of Jest. */
export default class LongFirst extends Sequencer {
  /** @override */
  sort(/** @type {readonly { path: string }[]} */ tests) {
    const rankOf = (/** @type {{ path: string }} */ { path }) => {
      const rank = LONG.findIndex((pattern) => pattern.test(path));
      return rank === -1 ? LONG.length : rank;
    };
    // Stable: equals stay in the order of Jest.
    return [...super.sort(tests)].sort((a, b) => rankOf(a) - rankOf(b));
  }
}
