import { readFileSync } from 'node:fs';
import type { StyleResource } from '@safelight/contracts';
import { styleResource } from '@safelight/contracts';
import { z } from 'zod';

const document = z.strictObject({
  version: z.literal(1),
  styles: z.array(styleResource).min(1),
});

const shipped = new URL('../../data/styles.json', import.meta.url);

/**
 * Preset prompt parts: manners of making a picture, none of them about people or their bodies. They
 * are plain words, and are screened together with the customer's own. Data of this version of
 * Safelight, not of the deployment, so that a style means the same everywhere.
 */
export const styles: readonly StyleResource[] = document.parse(
  JSON.parse(readFileSync(shipped, 'utf8')),
).styles;
