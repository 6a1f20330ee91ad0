import { isUtf8 } from 'node:buffer';
import type { FieldFault } from '../problem.js';
import { pointerTo } from '../pointer.js';
import type { JsonLimits } from './outline.js';
import { excessIn } from './outline.js';

/** What every JSON body of the API must keep to, whatever its schema says. */
export const jsonLimits: JsonLimits = { depth: 32, values: 10_000 };

const FAULTS_MAX = 50;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export type JsonReading =
  | { readonly value: unknown; readonly faults?: undefined }
  | { readonly faults: readonly FieldFault[]; readonly value?: undefined };

/**
 * Reads a body: structure within the limits, UTF-8, no NUL or unpaired surrogate in any text or
 * name, numbers that are finite, and no name that could reach the prototype of an object. Of a name
 * given twice the last counts, and nothing else reads the body, so there is no second opinion.
 *
 * A body without bytes has the value `undefined`. Takes time in proportion to the bytes at most;
 * excess of structure is found before anything is built.
 */
export function readJson(bytes: Buffer, limits: JsonLimits = jsonLimits): JsonReading {
  const json = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
  if (json.length === 0) return { value: undefined };
  const excess = excessIn(json, limits);
  if (excess !== undefined) {
    return { faults: [{ pointer: pointerTo(excess.path), message: remedies[excess.of](limits) }] };
  }
  if (!isUtf8(json)) return { faults: [{ pointer: '', message: 'is not UTF-8; encode it so' }] };
  return parse(json.toString('utf8'));
}

const remedies: Readonly<Record<keyof JsonLimits, (limits: JsonLimits) => string>> = {
  depth: ({ depth }) => `is nested more than ${depth} levels deep; flatten it`,
  values: ({ values }) => `is one value too many; send at most ${values} in one body`,
};

function parse(text: string): JsonReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const message = 'is not a JSON document; check quotes, commas and brackets';
    return { faults: [{ pointer: '', message }] };
  }
  const faults: FieldFault[] = [];
  inspect(value, [], faults);
  return faults.length === 0 ? { value } : { faults };
}

type Path = readonly (string | number)[];

/** Recursion is bounded: the depth was checked. */
function inspect(value: unknown, path: Path, faults: FieldFault[]): void {
  if (faults.length >= FAULTS_MAX) return;
  const fault = faultOf(value);
  if (fault !== undefined) faults.push({ pointer: pointerTo(path), message: fault });
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const here = [...path, name];
    const misnamed = Array.isArray(value) ? undefined : faultOfName(name, member);
    if (misnamed === undefined) inspect(member, here, faults);
    else faults.push({ pointer: pointerTo(here), message: misnamed });
  }
}

function faultOf(value: unknown): string | undefined {
  if (typeof value === 'string') return faultOfText(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    return 'must be a finite number; this one is too large to be kept';
  return undefined;
}

function faultOfText(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain the NUL character (U+0000); remove it';
  if (!text.isWellFormed())
    return 'must be well-formed Unicode; it contains an unpaired surrogate, remove it';
  return undefined;
}

function faultOfName(name: string, member: unknown): string | undefined {
  const poisonous = name === '__proto__' || (name === 'constructor' && typeof member === 'object');
  if (poisonous) return 'is not a field of this request; remove it';
  const fault = faultOfText(name);
  return fault && `has a name that ${fault}`;
}
