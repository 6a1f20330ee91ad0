import type { Answer } from '../ledger/ledger.js';

/** An answer of the ledger in the model's words. */
export function told(answer: Answer): string {
  if ('hold' in answer) {
    return `hold ${answer.hold.priceMicros.toString()} ${balanceText(answer.balance)}`;
  }
  if ('kind' in answer) {
    const { kind, capturedMicros, refundedMicros } = answer;
    return `${kind} ${capturedMicros.toString()} back ${refundedMicros.toString()}`;
  }
  return balanceText(answer);
}

export const toldRefusal = (code: string): string => `refused ${code}`;

const balanceText = (balance: { availableMicros: bigint; heldMicros: bigint }): string =>
  `available ${balance.availableMicros.toString()} held ${balance.heldMicros.toString()}`;
