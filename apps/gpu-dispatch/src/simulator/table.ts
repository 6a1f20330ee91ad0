import type { Outcome, Quantiles } from './measures.js';

const seconds = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));
const waits = ({ p50, p95, p99 }: Quantiles): string => [p50, p95, p99].map(seconds).join(' / ');
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

const COLUMNS: readonly (readonly [title: string, cell: (outcome: Outcome) => string])[] = [
  ['policy', ({ policy }) => policy],
  ['switches', ({ switches }) => percent(switches)],
  ['wait of all, s', ({ waitOfAll }) => waits(waitOfAll)],
  ['wait of others, s', ({ waitOfOthers }) => waits(waitOfOthers)],
  ['with load, s', ({ startOfOthers }) => waits(startOfOthers)],
  ['Jain', ({ jain }) => (jain === null ? '-' : jain.toFixed(3))],
  ['goodput', ({ goodput }) => percent(goodput)],
  ['decision, µs', ({ decisionMicros: { p50, p99 } }) => `${p50.toFixed(0)} / ${p99.toFixed(0)}`],
];

/** The outcomes side by side, a line each. */
export function table(outcomes: readonly Outcome[]): string[] {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...outcomes.map((outcome) => COLUMNS.map(([, cell]) => cell(outcome))),
  ];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
