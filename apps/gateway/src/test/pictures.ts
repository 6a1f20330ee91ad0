import sharp from 'sharp';

/** One colour all over. */
export const plain = (width: number, height: number, background = '#5a783c') =>
  sharp({ create: { width, height, channels: 3, background } });
export const png = (width = 64, height = 48): Promise<Buffer> =>
  plain(width, height).png().toBuffer();

const CANARY = 'CANARY<script>alert(1)</script>';
export const canary = CANARY;

/** Says that it has so many pixels, and ends there. */
async function boast(width: number, height: number): Promise<Buffer> {
  const bytes = await png(8, 8);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

async function animated(): Promise<Buffer> {
  const frames = Buffer.concat([Buffer.alloc(64 * 64 * 3, 10), Buffer.alloc(64 * 64 * 3, 200)]);
  const raw = { width: 64, height: 128, channels: 3 as const, pageHeight: 64 };
  return sharp(frames, { raw })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

/** Files made to hurt, with the type that they come under and what has to become of them. */
export async function hostileFiles(): Promise<readonly [string, Buffer, string, number, string][]> {
  const good = await png();
  const noise = Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7_919) % 251));
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg"><script>${CANARY}</script></svg>`,
  );
  const gif = await plain(8, 8).gif().toBuffer();
  const large = await plain(5_000, 3_201).png().toBuffer();
  return [
    ['a bomb that boasts', await boast(60_000, 60_000), 'image/png', 413, 'PAYLOAD_TOO_LARGE'],
    ['one pixel row too many', large, 'image/png', 413, 'PAYLOAD_TOO_LARGE'],
    ['a header alone', await boast(64, 64), 'image/png', 415, 'UNSUPPORTED_MEDIA'],
    ['cut off', good.subarray(0, good.length - 20), 'image/png', 415, 'UNSUPPORTED_MEDIA'],
    ['an SVG that says it is a PNG', svg, 'image/png', 415, 'UNSUPPORTED_MEDIA'],
    ['an SVG', svg, 'image/svg+xml', 415, 'UNSUPPORTED_MEDIA'],
    ['a GIF under another name', gif, 'image/webp', 415, 'UNSUPPORTED_MEDIA'],
    ['animated', await animated(), 'image/webp', 415, 'UNSUPPORTED_MEDIA'],
    ['a page before a picture', Buffer.concat([svg, good]), 'image/png', 415, 'UNSUPPORTED_MEDIA'],
    ['noise', noise, 'image/jpeg', 415, 'UNSUPPORTED_MEDIA'],
    ['nothing', Buffer.alloc(0), 'image/png', 415, 'UNSUPPORTED_MEDIA'],
    ['bytes without a kind', good, 'application/octet-stream', 415, 'UNSUPPORTED_MEDIA'],
    ['too many bytes', Buffer.alloc(10_000_001), 'image/png', 413, 'PAYLOAD_TOO_LARGE'],
  ];
}
