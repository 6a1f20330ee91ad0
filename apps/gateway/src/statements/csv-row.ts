/** A number is written as it is; text is guarded. `null` is an empty field. */
export type Field = string | number | bigint | Exact | null;

/** A decimal number that we wrote ourselves: `-1.5` is no formula. */
export class Exact {
  constructor(readonly text: string) {}
}

/** With these a spreadsheet takes a text for a formula: OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/u;
const QUOTED = /[",\r\n]/;

/** A record as RFC 4180 has it, with its line end. A text that begins like a formula gets a `'` before it. */
export const csvRow = (fields: readonly Field[]): string => `${fields.map(written).join(',')}\r\n`;

function written(field: Field): string {
  if (field === null) return '';
  if (field instanceof Exact) return field.text;
  if (typeof field !== 'string') return field.toString();
  const text = FORMULA.test(field) ? `'${field}` : field;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
