import { priceLine, type PriceLine as ToldLine } from '@safelight/contracts';
import { z } from 'zod';
import type { PriceLine } from './price.js';

/** Lines as other services read them. */
export const linesToTell = (lines: readonly PriceLine[]): ToldLine[] =>
  lines.map((line) => ({ ...line, quantity: Number(line.quantity) }));

const stored = z.array(priceLine);

/** Lines as one text, kept with the hold that they are the price of. */
export const linesToKeep = (lines: readonly PriceLine[]): string =>
  JSON.stringify(linesToTell(lines), (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );

/** Lines of such a text; none where none were kept. */
export const linesKept = (text: string | null): ToldLine[] =>
  text === null ? [] : stored.parse(JSON.parse(text));
