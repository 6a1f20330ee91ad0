import { z } from 'zod';

/** Stands for whatever model the deployment uses when none is named. */
const DEFAULT = 'default';
const FALLBACK = '*';
const FIELD = 'field:';

const isTable = (table: Readonly<Record<string, string | null>>) =>
  Object.entries(table).every(([name, target]) => name.startsWith(FIELD) === (target === null));

/** The setting MODEL_ALIASES as text; see `Aliases` for what it may say. */
export const modelAliases = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON object' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string().min(1).nullable()))
  .refine(
    isTable,
    'must give each name of a model a name (or "default"), and each "field:…" null: {"*": "default", "field:loras": null}',
  );

/**
 * What the dialects make of names and fields that this deployment does not have, as its operator
 * decides. Clients of other services bring the names of other services' models.
 *
 * - `"sd_xl_base_1.0.safetensors": "builtin/atelier"`: that name means this model; `"default"` means
 *   the deployment's default model.
 * - `"*": "default"`: what a name means that is neither listed here nor on offer.
 * - `"field:loras": null`, `"field:*": null`: a field, by its native name, that may be accepted
 *   though the model cannot honour it; every answer about the job then says so.
 *
 * What is not listed is refused, as everywhere in the API.
 */
export class Aliases {
  constructor(private readonly table: Readonly<Record<string, string | null>> = {}) {}

  /** The models to try for a name, in this order; `null` is the deployment's default. */
  modelsFor(asked: string | undefined): [string | null, ...(string | null)[]] {
    if (asked === undefined) return [null];
    const own = this.find(asked);
    if (typeof own === 'string') return [meaning(own)];
    const fallback = this.find(FALLBACK);
    return typeof fallback === 'string' ? [asked, meaning(fallback)] : [asked];
  }

  /** Whether the field may go unhonoured. */
  tolerates(field: string): boolean {
    return this.find(FIELD + field) === null || this.find(FIELD + FALLBACK) === null;
  }

  /** Names come from clients: what every object inherits is none of ours. */
  private find(name: string): string | null | undefined {
    return Object.hasOwn(this.table, name) ? this.table[name] : undefined;
  }
}

const meaning = (target: string): string | null => (target === DEFAULT ? null : target);
