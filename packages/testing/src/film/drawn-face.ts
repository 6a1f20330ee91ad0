import sharp from 'sharp';

export interface DrawnFace {
  readonly width?: number;
  readonly height?: number;
  /** The middle of the face, as shares of the sides. */
  readonly at?: readonly [number, number];
  /** Half the height of the face, as a share of the height. */
  readonly size?: number;
  readonly skin?: string;
  readonly hair?: string;
}

/** A drawn head before a plain wall, as PNG: nobody's likeness. */
export function drawnFace(face: DrawnFace = {}): Promise<Buffer> {
  const { width = 320, height = 240, at = [0.5, 0.42], size = 0.24 } = face;
  const { skin = '#d9a07a', hair = '#1c2430' } = face;
  const place = `translate(${at[0] * width} ${at[1] * height}) scale(${(size * height) / 68})`;
  const eye = (x: number) =>
    `<ellipse cx="${x}" cy="-12" rx="10" ry="6" fill="#fff"/><circle cx="${x}" cy="-12" r="6" fill="#222"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#5f8f96"/><g transform="${place}">
    <ellipse cy="-20" rx="62" ry="80" fill="${hair}"/><rect x="-20" y="50" width="40" height="60" fill="${skin}"/>
    <path d="M-110 170Q-100 100 0 95Q100 100 110 170Z" fill="#3a5a8c"/>
    <ellipse rx="52" ry="68" fill="${skin}"/>${eye(-20)}${eye(20)}
    <path d="M-32-26q12-7 24 0M8-26q12-7 24 0" stroke="${hair}" stroke-width="4" fill="none"/>
    <path d="M-18 36q18 12 36 0" stroke="#a33" stroke-width="6" fill="none"/></g></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
