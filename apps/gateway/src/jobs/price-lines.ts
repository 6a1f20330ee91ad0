import type { PriceLine, priceLineResource } from '@safelight/contracts';
import { formatCredits } from '@safelight/contracts';
import type { z } from 'zod';

/** The lines of a price as a client reads them. */
export const presentLines = (lines: readonly PriceLine[]): z.infer<typeof priceLineResource>[] =>
  lines.map(({ rule, what, quantity, unitMicros, amountMicros }) => ({
    ...{ rule, what, quantity },
    unit: formatCredits(unitMicros),
    amount: formatCredits(amountMicros),
  }));
