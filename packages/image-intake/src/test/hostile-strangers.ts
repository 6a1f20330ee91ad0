import { gzipSync } from 'node:zlib';
import { canary, type HostileImage } from './hostile-image.js';
import { drawn, photo } from './pictures.js';

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>${canary}</script></svg>`;
const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(100)}">
<!ENTITY c "${'&b;'.repeat(100)}"><!ENTITY d "${'&c;'.repeat(100)}">]><svg>&d;</svg>`;
const included = `<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="/etc/passwd"/></svg>`;

/** A picture of another kind as its first bytes would have it, and nothing true behind them. */
const heads: Readonly<Record<string, string>> = {
  nothing: '',
  'a single byte': '\x89',
  'zeroes only': '\0'.repeat(5_000),
  'an SVG': svg,
  'an SVG of a billion laughs': laughs,
  'an SVG that includes a file': included,
  'a Windows bitmap': `BM\x46\0\0\0\0\0\0\0\x36\0\0\0${'\0'.repeat(60)}`,
  'an icon': `\0\0\x01\0\x01\0\x10\x10${'\0'.repeat(60)}`,
  'a PDF': `%PDF-1.7\n${canary}`,
  'a PostScript program': `%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\n`,
  'an ImageMagick script': `push graphic-context\nimage over 0,0 0,0 'https://x/|id"'\n`,
  'a Photoshop file': `8BPS\0\x01${'\0'.repeat(60)}`,
  'a JPEG XL': `\xff\x0a${'\0'.repeat(60)}`,
  'a JPEG 2000': `\0\0\0\x0cjP  \r\n\x87\n${'\0'.repeat(60)}`,
  'an OpenEXR': `v/1\x01${'\0'.repeat(60)}`,
  'a Radiance picture': `#?RADIANCE\n${'\0'.repeat(60)}`,
  'a HEIC': `\0\0\0\x18ftypheic\0\0\0\0${'\0'.repeat(60)}`,
  'an AVI': `RIFF\x40\0\0\0AVI LIST${'\0'.repeat(60)}`,
  'a program': `\x7fELF\x02\x01\x01${'\0'.repeat(60)}`,
  'a portable pixmap': `P6 60000 60000 255\n`,
  'a PNG signature spoilt by a text transfer': `\x89PNG\n\x1a\n${'\0'.repeat(60)}`,
  'a name only': 'image/png',
};

/** Everything that is no JPEG, PNG or WebP, however many programs would show it as a picture. */
export async function strangers(): Promise<HostileImage[]> {
  const picture = photo(40, 30);
  const made: Record<string, Buffer> = {
    'an SVG in gzip': gzipSync(svg),
    'a GIF': await drawn(picture).gif().toBuffer(),
    'a TIFF': await drawn(picture).tiff().toBuffer(),
    'an AVIF': await drawn(picture).avif({ effort: 0 }).toBuffer(),
    'a JPEG behind a byte-order mark': Buffer.concat([
      Buffer.from('\uFEFF'),
      await drawn(picture).jpeg().toBuffer(),
    ]),
  };
  const faked = Object.entries(heads).map(([name, head]) => [name, Buffer.from(head, 'latin1')]);
  return ([...faked, ...Object.entries(made)] as [string, Buffer][]).map(([name, bytes]) => ({
    name,
    bytes,
    expected: 'image.not_supported',
  }));
}
