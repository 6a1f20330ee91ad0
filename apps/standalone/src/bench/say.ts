export const say = (line = ''): boolean => process.stdout.write(`${line}\n`);

export const figure = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
