import { formatCredits } from '@safelight/contracts';

const MICROS = /Micros$/;

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A field of an event in the API's own terms: snake_case, and amounts in credits. */
function presentField([name, value]: [string, unknown]): [string, unknown] {
  if (MICROS.test(name) && (typeof value === 'string' || typeof value === 'bigint')) {
    return [snakeCase(name.replace(MICROS, '')), formatCredits(BigInt(value))];
  }
  return [snakeCase(name), presentData(value)];
}

/** What an event says, as a client of the API reads it. */
export function presentData(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(presentData);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(presentField));
}
