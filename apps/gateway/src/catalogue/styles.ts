import type { StyleResource } from '@safelight/contracts';

/** Slug, name, what is added to the prompt, what is added to the negative prompt. */
const rows = [
  ['anime', 'Anime', 'anime illustration, clean cel shading, expressive colour', 'photograph'],
  ['cyberpunk', 'Cyberpunk', 'cyberpunk city mood, neon light, rain-wet reflections', 'rustic'],
  ['watercolor', 'Watercolor', 'watercolor painting, soft washes, paper grain', 'hard outlines'],
  [
    'oil-painting',
    'Oil painting',
    'oil painting, visible brush strokes, rich pigment',
    'flat colour',
  ],
  ['film', 'Film', '35mm film photograph, natural grain, soft contrast', 'oversharpened'],
  ['line-art', 'Line art', 'line art, pen and ink, even strokes on white', 'shading, colour'],
  [
    'isometric',
    'Isometric',
    'isometric view, tidy geometry, miniature scene',
    'perspective distortion',
  ],
  [
    'pixel-art',
    'Pixel art',
    'pixel art, 16-bit palette, crisp square pixels',
    'blur, antialiasing',
  ],
  ['ink-wash', 'Ink wash', 'ink wash, sumi-e, few confident strokes', 'clutter'],
  ['pencil-sketch', 'Pencil sketch', 'pencil sketch, graphite hatching, paper texture', 'colour'],
  ['pastel', 'Pastel', 'pastel drawing, chalky texture, gentle hues', 'harsh contrast'],
  ['impasto', 'Impasto', 'impasto painting, thick palette-knife paint', 'smooth surface'],
  ['pointillism', 'Pointillism', 'pointillism, countless small dots of pure colour', 'outlines'],
  ['woodcut', 'Woodcut', 'woodcut print, carved lines, limited inks', 'gradients'],
  ['linocut', 'Linocut', 'linocut print, bold shapes, two inks', 'gradients'],
  ['ukiyo-e', 'Ukiyo-e', 'ukiyo-e block print, flat colour, flowing contour', 'photograph'],
  ['art-deco', 'Art deco', 'art deco poster, geometric ornament, gold accents', 'clutter'],
  [
    'art-nouveau',
    'Art nouveau',
    'art nouveau, flowing plant ornament, framed composition',
    'hard geometry',
  ],
  [
    'stained-glass',
    'Stained glass',
    'stained glass, leaded outlines, glowing colour',
    'soft edges',
  ],
  ['minimal', 'Minimal', 'minimal composition, much empty space, few colours', 'clutter'],
  ['low-poly', 'Low poly', 'low poly 3d, faceted surfaces, soft studio light', 'fine texture'],
  ['clay', 'Clay', 'clay animation model, handmade texture, studio light', 'glossy'],
  ['papercraft', 'Papercraft', 'papercraft, layered cut paper, soft shadows', 'glossy'],
  ['comic', 'Comic', 'comic book panel, inked contours, halftone dots', 'photograph'],
  ['fantasy', 'Fantasy', 'fantasy concept art, epic scale, atmospheric depth', 'modern buildings'],
  ['steampunk', 'Steampunk', 'steampunk design, brass, gears, warm lamp light', 'plastic'],
  ['noir', 'Noir', 'film noir mood, black and white, long shadows', 'bright colour'],
  ['vintage', 'Vintage', 'vintage postcard, faded inks, aged paper', 'modern look'],
  ['blueprint', 'Blueprint', 'blueprint drawing, white lines on blue, annotations', 'colour'],
  [
    'product-photo',
    'Product photo',
    'studio product photograph, seamless background, soft box light',
    'clutter',
  ],
  ['macro', 'Macro', 'macro photograph, shallow depth of field, fine detail', 'wide view'],
  ['aerial', 'Aerial', 'aerial photograph, seen from high above, wide landscape', 'close-up'],
] as const;

/**
 * Preset prompt parts: manners of making a picture, none of them about people or their bodies. They
 * are plain words, and are screened together with the customer's own.
 */
export const styles: readonly StyleResource[] = rows.map(([slug, name, prompt, negative]) => ({
  slug,
  name,
  prompt,
  negative_prompt: negative,
}));
