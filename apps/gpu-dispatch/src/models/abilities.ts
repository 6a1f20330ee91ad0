import { isDeepStrictEqual } from 'node:util';
import type { ModelOffer } from '@safelight/contracts';

/** What a model can do wherever one of these offers is meant; all are of one name. */
export function narrowest([first, ...others]: readonly [ModelOffer, ...ModelOffer[]]): ModelOffer {
  return others.reduce((all, next) => {
    const parts = all.parts === undefined ? next.parts : common(all.parts, next.parts);
    return {
      ...all,
      operations: common(all.operations, next.operations),
      features: common(all.features, next.features),
      samplers:
        all.samplers === null ? next.samplers : common(all.samplers, next.samplers ?? undefined),
      requires: either(all.requires, next.requires),
      lacks: either(all.lacks, next.lacks),
      ...(parts !== undefined && { parts }),
      maxWidth: Math.min(all.maxWidth, next.maxWidth),
      maxHeight: Math.min(all.maxHeight, next.maxHeight),
      maxInputPixels: Math.min(all.maxInputPixels, next.maxInputPixels),
      maxSeconds: least(all.maxSeconds, next.maxSeconds),
      vramBytes: most(all.vramBytes, next.vramBytes),
      maxFps: least(all.maxFps, next.maxFps),
    };
  }, first);
}

/** Whether whoever offers `able` can do all that was promised with `promised`. */
export const covers = (able: ModelOffer, promised: ModelOffer): boolean =>
  able === promised || isDeepStrictEqual(narrowest([promised, able]), promised);

/** Those of the first that the others have too; all of them where nobody says what the others have. */
const common = <Item>(some: readonly Item[], others: readonly Item[] | undefined): Item[] =>
  some.filter((each) => others === undefined || others.includes(each));

const either = <Item>(some: readonly Item[], others: readonly Item[]): Item[] => [
  ...new Set([...some, ...others]),
];

/** `null` is not known. */
const most = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** `null` has no bound. */
function least(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
