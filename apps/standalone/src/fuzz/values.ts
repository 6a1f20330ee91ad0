import fc from 'fast-check';
import type { Schema } from './operations.js';

/** Named schemas of the document. */
export type Named = Readonly<Record<string, Schema>>;

/** No text or list longer than this is made where a schema allows more: it would only cost time. */
const MODEST = 40;
const LIST_MODEST = 4;

const rest = '[0-9a-hjkmnp-tv-z]{26}';

/** Values that fit the schema. */
export function valuesOf(schema: Schema, named: Named): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(resolved(schema.$ref, named), named);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, named)));
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objects(schema, named);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, named), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? LIST_MODEST, LIST_MODEST),
      });
    case 'string':
      return strings(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return fc.double({ ...bounds(schema, -1e9, 1e9), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function resolved(ref: string, named: Named): Schema {
  const schema = named[ref.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new Error(`the document has no ${ref}`);
  return schema;
}

const bounds = ({ minimum, maximum }: Schema, min: number, max: number) => ({
  min: minimum ?? min,
  max: maximum ?? max,
});

function integers(schema: Schema): fc.Arbitrary<number> {
  const { min, max } = bounds(schema, -1_000_000, 1_000_000);
  const step = schema.multipleOf ?? 1;
  return fc
    .integer({ min: Math.ceil(min / step), max: Math.floor(max / step) })
    .map((value) => value * step);
}

function strings(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'date-time') {
    const [min, max] = [new Date(0), new Date('2200-01-01')];
    return fc.date({ noInvalidDate: true, min, max }).map((date) => date.toISOString());
  }
  if (schema.pattern !== undefined) {
    return schema.pattern.endsWith(`${rest}$`)
      ? fc.stringMatching(new RegExp(schema.pattern))
      : fc.oneof(fc.stringMatching(new RegExp(schema.pattern)), fc.string());
  }
  const minLength = schema.minLength ?? 0;
  const most = schema.maxLength ?? MODEST;
  const unit = 'grapheme';
  return fc.oneof(
    {
      weight: 20,
      arbitrary: fc.string({
        unit,
        minLength,
        maxLength: Math.max(minLength, Math.min(most, MODEST)),
      }),
    },
    { weight: 1, arbitrary: fc.constant('x'.repeat(most)) },
  );
}

function objects(schema: Schema, named: Named): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, valuesOf(member, named)] as const,
  );
  const own = fc.record(Object.fromEntries(members), {
    requiredKeys: [...(schema.required ?? [])] as never[],
  });
  if (typeof schema.additionalProperties !== 'object') return own;
  const more = fc.dictionary(
    strings(schema.propertyNames ?? {}),
    valuesOf(schema.additionalProperties, named),
    { maxKeys: Math.min(schema.maxProperties ?? LIST_MODEST, LIST_MODEST) },
  );
  return fc.tuple(own, more).map(([first, second]) => ({ ...second, ...first }));
}
