const MICROS_PER_CREDIT = 1_000_000n;

/** Micro-credits as the API shows credits: a decimal string without trailing zeros, `"12.5"`. */
export function formatCredits(amountMicros: bigint): string {
  const sign = amountMicros < 0n ? '-' : '';
  const absolute = amountMicros < 0n ? -amountMicros : amountMicros;
  const fraction = (absolute % MICROS_PER_CREDIT).toString().padStart(6, '0').replace(/0+$/, '');
  const whole = (absolute / MICROS_PER_CREDIT).toString();
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/**
 * Credits as written by a person or a client (`"12.5"`) in micro-credits.
 * @throws RangeError when the text is not a decimal number with at most 6 places.
 */
export function parseCredits(text: string): bigint {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) throw new RangeError(`not an amount of credits: ${text}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const amountMicros = BigInt(whole) * MICROS_PER_CREDIT + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -amountMicros : amountMicros;
}
