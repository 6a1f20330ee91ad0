import { readKeyFile } from '@safelight/config';
import { WatermarkThread } from '@safelight/provenance';
import type { Closers } from '@safelight/telemetry';

/**
 * What reads watermarks. Without a key they are not read, and answers say so.
 *
 * @throws ConfigError when the file is missing or holds something else
 */
export async function openWatermark(
  file: string | undefined,
  closers: Closers,
): Promise<WatermarkThread | undefined> {
  if (file === undefined) return undefined;
  const key = await readKeyFile('WATERMARK_KEY_FILE', 'the key of the watermark', file);
  const watermark = new WatermarkThread(key.export());
  closers.push(() => watermark.close());
  return watermark;
}
