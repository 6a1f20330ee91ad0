import type { Nudity, Presence } from '../images/signals.js';
import { type Facts, intents, type MaskRegion, providerStates } from './facts.js';

/**
 * Every fact that the combination knows, at both sides of every threshold; the order of a dimension
 * with a direction is from harmless to grave.
 */
export const dimensions = {
  operation: [
    ...(['generate', 'edit', 'upscale', 'video', 'face-swap', 'face-swap-video'] as const),
    'unknown' as const,
  ],
  person: ['none', 'possible', 'certain'] as const satisfies readonly Presence[],
  intent: intents,
  state: providerStates,
  lowAge: [false, true],
  mosaic: [false, true],
  nudity: [
    { explicit: 0, suggestive: 0 },
    { explicit: 0.25, suggestive: 0.24 },
    { explicit: 0.25, suggestive: 0.25 },
    { explicit: 0.94, suggestive: 0.06 },
    { explicit: 0.95, suggestive: 0 },
  ] as const satisfies readonly Nudity[],
  body: [0, 0.049, 0.05, 1],
  face: [0, 0.29, 0.3, 1],
  consent: [true, false],
} as const;

/** What a request also has, and the combination is not told: one outcome for all of these. */
export const contexts = {
  plan: ['free', 'pro', 'enterprise'],
  role: ['owner', 'member', 'operator'],
  keyKind: ['live', 'test'],
  dialect: ['native', 'images', 'chat', 'novita'],
} as const;

type Cell = {
  readonly [Name in keyof typeof dimensions]: (typeof dimensions)[Name][number];
};

export const factsOf = (cell: Cell): Facts => {
  const { operation, intent, state, person, lowAge, mosaic, nudity, consent } = cell;
  const mask: MaskRegion = { body: cell.body, face: cell.face };
  const seen = { person, lowAge, mosaic, nudity, mostNude: nudity };
  return { operation, intent, state, mask, consent, seen };
};

const names = Object.keys(dimensions) as (keyof typeof dimensions)[];
export const cellCount = names.reduce((count, name) => count * dimensions[name].length, 1);
export const contextCount = Object.values(contexts).reduce((count, one) => count * one.length, 1);

/** @param index from 0 to below `cellCount` */
export function cellAt(index: number): Cell {
  let rest = index;
  const pairs = names.map((name) => {
    const values = dimensions[name];
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs) as unknown as Cell;
}

/** Where one fact has a direction, the cells in which it alone is graver by one step. */
export function graverThan(cell: Cell): Cell[] {
  return (['lowAge', 'mosaic', 'nudity', 'body', 'face', 'consent'] as const).flatMap((name) => {
    const values: readonly unknown[] = dimensions[name];
    const next = values.indexOf(cell[name]) + 1;
    return next < values.length ? [{ ...cell, [name]: values[next] }] : [];
  });
}
