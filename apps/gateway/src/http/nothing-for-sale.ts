import type { PackageName } from '@safelight/contracts';
import { formatCents, formatCredits, packageName, topUpPackage } from '@safelight/contracts';
import { Problem } from './problem.js';

/** @param name of the package that was asked for */
export function nothingForSale(name: unknown): Problem {
  const known = packageName.safeParse(name);
  return new Problem(
    'CONFLICT',
    'No payment provider is configured in this deployment, so nothing was bought or charged. Ask its operator to grant you credits.',
    known.success ? { members: { package: presentPackage(known.data) } } : {},
  );
}

function presentPackage(name: PackageName) {
  const { creditsMicros, amountCents } = topUpPackage(name);
  return { id: name, credits: formatCredits(creditsMicros), usd: formatCents(amountCents) };
}
