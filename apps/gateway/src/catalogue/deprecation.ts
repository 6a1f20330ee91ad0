import type { ApiWarning } from '@safelight/contracts';
import type { FieldFault } from '../http/problem.js';
import type { CatalogueModel } from './document.js';

/** That a model will be withdrawn, for whoever still uses it. */
export interface Deprecation {
  readonly headers: Readonly<Record<string, string>>;
  readonly warning: ApiWarning;
}

const MS = 1_000;
const dayOf = (time: string) => new Date(time).toISOString().slice(0, 'YYYY-MM-DD'.length);

/** A fault once the model is withdrawn. */
export function faultOfWithdrawn(
  { name, deprecation }: CatalogueModel,
  now: Date,
  pointer: string,
): FieldFault[] {
  if (deprecation === null || Date.parse(deprecation.sunset_at) > now.getTime()) return [];
  const { sunset_at, successor } = deprecation;
  return [
    {
      pointer,
      message: `was withdrawn: ${name}, on ${dayOf(sunset_at)}; use ${successor} in its place`,
    },
  ];
}

/** RFC 9745's `Deprecation` and RFC 8594's `Sunset`, from the moment that the catalogue knows. */
export function deprecationOf({ name, deprecation }: CatalogueModel): Deprecation | undefined {
  if (deprecation === null) return undefined;
  const { deprecated_at, sunset_at, successor } = deprecation;
  const seconds = Math.floor(Date.parse(deprecated_at) / MS);
  return {
    headers: { deprecation: `@${seconds}`, sunset: new Date(sunset_at).toUTCString() },
    warning: {
      code: 'model.deprecated',
      message: `${name} is refused from ${dayOf(sunset_at)} on; use ${successor} in its place.`,
    },
  };
}
