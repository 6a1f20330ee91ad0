type Quad = readonly [number, number, number, number];

/** Writes an IPv4 address as the host of a URL. */
export type Spelling = (quad: Quad) => string;

const hex = (value: number) => value.toString(16);
const octal = (value: number) => `0${value.toString(8)}`;
const whole = ([a, b, c, d]: Quad) => ((a * 256 + b) * 256 + c) * 256 + d;
const high = ([a, b]: Quad) => hex(a * 256 + b);
const low = ([, , c, d]: Quad) => hex(c * 256 + d);
/** Moves ASCII digits to those of another alphabet. */
const digitsFrom = (zero: number) => (quad: Quad) =>
  quad.join('.').replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
/** ① is 1; there is a ⓪ for nought, far away from it. */
const circled = (quad: Quad) =>
  quad
    .join('.')
    .replace(/\d/g, (digit) =>
      digit === '0' ? '⓪' : String.fromCodePoint(0x245f + Number(digit)),
    );

/** Ways to write an IPv4 address that a connection would reach. */
export const REACHING: Readonly<Record<string, Spelling>> = {
  'four decimals': (quad) => quad.join('.'),
  'one decimal': (quad) => String(whole(quad)),
  'one hexadecimal': (quad) => `0x${hex(whole(quad))}`,
  'one long hexadecimal': (quad) => `0X${hex(whole(quad)).padStart(20, '0').toUpperCase()}`,
  'one octal': (quad) => octal(whole(quad)),
  'four octals': (quad) => quad.map(octal).join('.'),
  'four long octals': (quad) => quad.map((part) => octal(part).padStart(9, '0')).join('.'),
  'four hexadecimals': (quad) => quad.map((part) => `0x${hex(part)}`).join('.'),
  'four long hexadecimals': (quad) =>
    quad.map((part) => `0x${hex(part).padStart(8, '0')}`).join('.'),
  'a mixture': ([a, b, c, d]) => `0x${hex(a)}.${octal(b)}.${c}.0X${hex(d)}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'two parts': ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  'two hexadecimals': ([a, b, c, d]) => `0x${hex(a)}.0x${hex((b * 256 + c) * 256 + d)}`,
  'a last dot': (quad) => `${quad.join('.')}.`,
  'percent signs': (quad) => quad.join('.').replace(/\d/g, (digit) => `%3${digit}`),
  'percent dots': (quad) => quad.join('%2E'),
  'fullwidth digits': digitsFrom(0xff10),
  'mathematical digits': digitsFrom(0x1d7d8),
  'circled digits': circled,
  'fullwidth dots': (quad) => quad.join('．'),
  'ideographic dots': (quad) => quad.join('。'),
  'halfwidth dots': (quad) => quad.join('｡'),
  'soft hyphens': (quad) => quad.join('.\u00ad'),
  'a fullwidth hexadecimal': (quad) => `０ｘ${hex(whole(quad))}`,
  mapped: (quad) => `[::ffff:${quad.join('.')}]`,
  'mapped, hexadecimal': (quad) => `[::FFFF:${high(quad)}:${low(quad)}]`,
  'mapped, in full': (quad) => `[0:0:0:0:0:ffff:${high(quad)}:${low(quad)}]`,
  'mapped, with all zeroes': (quad) => `[0000:0000:0000:0000:0000:ffff:${quad.join('.')}]`,
};

const inverted = (part: string) => hex(0xffff ^ parseInt(part, 16));

/** IPv6 addresses that carry an IPv4 address to a tunnel or a translator, where there is one. */
export const CARRYING: Readonly<Record<string, Spelling>> = {
  compatible: (quad) => `[::${quad.join('.')}]`,
  'compatible, hexadecimal': (quad) => `[::${high(quad)}:${low(quad)}]`,
  translated: (quad) => `[::ffff:0:${quad.join('.')}]`,
  NAT64: (quad) => `[64:ff9b::${quad.join('.')}]`,
  'NAT64, hexadecimal': (quad) => `[64:ff9b::${high(quad)}:${low(quad)}]`,
  'NAT64 of a site': (quad) => `[64:ff9b:1::${high(quad)}:${low(quad)}]`,
  '6to4': (quad) => `[2002:${high(quad)}:${low(quad)}::1]`,
  Teredo: (quad) => `[2001:0:5ef5:79fb:0:0:${inverted(high(quad))}:${inverted(low(quad))}]`,
  'Teredo server': (quad) => `[2001::${high(quad)}:${low(quad)}]`,
  ISATAP: (quad) => `[2001:4860::5efe:${high(quad)}:${low(quad)}]`,
  'ISATAP, unique': (quad) => `[2001:4860::200:5efe:${high(quad)}:${low(quad)}]`,
};

export const quadOf = (address: string): Quad => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a, b, c, d];
};
