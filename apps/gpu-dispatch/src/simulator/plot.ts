import type { Outcome } from './measures.js';
import type { PolicyName } from './policies.js';

const COLOURS: Readonly<Record<PolicyName, string>> = {
  ...{ fifo: '#b04a3a', 'warm-first': '#c08a1e', fair: '#4a7fb0', ours: '#2e7d4f' },
};
const WIDTH = 520;
const HEIGHT = 300;
/** Room for titles and labels on the left and at the top, and on the right and at the bottom. */
const BEFORE = 60;
const AFTER = 50;
const STEPS = 4;
const POINTS = 200;

/** Where values lie on an axis, from 0 to 1, and those that are named. */
interface Axis {
  readonly title: string;
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}
interface Line {
  readonly policy: PolicyName;
  readonly points: readonly (readonly [number, number])[];
}

/** Waits of the other accounts and the backlog over time, as an SVG image. */
export function plot(outcomes: readonly Outcome[], title: string): string {
  const across = 2 * (WIDTH + BEFORE + AFTER);
  const down = HEIGHT + BEFORE + AFTER;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${across} ${down + 30}" width="${across}"`,
    ` height="${down + 30}" font-family="sans-serif" font-size="12" fill="#333">`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="${BEFORE}" y="22" font-size="15">${title}</text>`,
    `<g transform="translate(0 30)">${waitsPanel(outcomes)}</g>`,
    `<g transform="translate(${WIDTH + BEFORE + AFTER} 30)">${backlogPanel(outcomes)}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

function waitsPanel(outcomes: readonly Outcome[]): string {
  const across = { title: 'wait of the other accounts, seconds', ...logarithmic(0.1, 10_000) };
  const down = { title: 'share of their jobs', ...linear(1) };
  const lines = outcomes.map(({ policy, waits }) => ({
    policy,
    points: Array.from({ length: POINTS }, (_, index): [number, number] => {
      const share = index / (POINTS - 1);
      return [waits[Math.floor(share * (waits.length - 1))] ?? 0, share];
    }),
  }));
  return panel(across, down, lines);
}

function backlogPanel(outcomes: readonly Outcome[]): string {
  const points = outcomes.flatMap(({ backlog }) => backlog);
  const across = { title: 'time, minutes', ...linear(longest(points.map(([time]) => time / 60))) };
  const down = { title: 'jobs that wait', ...linear(longest(points.map(([, jobs]) => jobs))) };
  const lines = outcomes.map(({ policy, backlog }) => ({
    policy,
    points: backlog.map(([time, jobs]) => [time / 60, jobs] as const),
  }));
  return panel(across, down, lines);
}

function panel(across: Axis, down: Axis, lines: readonly Line[]): string {
  const x = (value: number) => (BEFORE + across.at(value) * WIDTH).toFixed(1);
  const y = (value: number) => (BEFORE / 2 + (1 - down.at(value)) * HEIGHT).toFixed(1);
  const [left, bottom] = [x(across.ticks[0] ?? 0), y(0)];
  const grid = [
    ...across.ticks.map(
      (tick) =>
        `<path d="M${x(tick)} ${y(down.ticks.at(-1) ?? 1)}V${bottom}" stroke="#ddd"/>` +
        `<text x="${x(tick)}" y="${Number(bottom) + 16}" text-anchor="middle">${label(tick)}</text>`,
    ),
    ...down.ticks.map(
      (tick) =>
        `<path d="M${left} ${y(tick)}h${WIDTH}" stroke="#ddd"/>` +
        `<text x="${BEFORE - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${label(tick)}</text>`,
    ),
    `<text x="${BEFORE + WIDTH / 2}" y="${Number(bottom) + 34}" text-anchor="middle">${across.title}</text>`,
    `<text x="${BEFORE}" y="${BEFORE / 2 - 10}">${down.title}</text>`,
  ];
  const drawn = lines.map(({ policy, points }, index) => {
    const path = points.map(([a, b]) => `${x(a)},${y(b)}`).join(' ');
    const mark = `x="${BEFORE + WIDTH - 8}" y="${HEIGHT - 14 * index}" text-anchor="end"`;
    return (
      `<polyline points="${path}" fill="none" stroke="${COLOURS[policy]}" stroke-width="2"/>` +
      `<text ${mark} fill="${COLOURS[policy]}">${policy}</text>`
    );
  });
  return [...grid, ...drawn].join('\n');
}

function linear(most: number): Pick<Axis, 'at' | 'ticks'> {
  const ticks = Array.from({ length: STEPS + 1 }, (_, step) => (most * step) / STEPS);
  return { at: (value) => value / most, ticks };
}

/** By powers of ten; what is less than the least stands on the edge. */
function logarithmic(least: number, most: number): Pick<Axis, 'at' | 'ticks'> {
  const decades = Math.log10(most / least);
  const ticks = Array.from({ length: decades + 1 }, (_, decade) => least * 10 ** decade);
  return { at: (value) => Math.log10(Math.max(least, value) / least) / decades, ticks };
}

const longest = (values: readonly number[]): number =>
  Math.max(
    1,
    values.reduce((a, b) => Math.max(a, b), 0),
  );

const label = (value: number): string => String(Number(value.toPrecision(3)));
