import type { WatermarkThread } from '@safelight/provenance';
import type { Imprint } from '../engine/engine.js';

/** The watermark of one picture of a job: every attempt writes the same, so that the same picture is the same bytes. */
export function imprintOf(
  watermark: Pick<WatermarkThread, 'idOf' | 'write'>,
  jobId: string,
  picture: number,
): Imprint {
  const id = watermark.idOf(jobId, picture);
  return {
    id,
    into: async ({ rgba, width, height }, made) => {
      const pixels = { data: rgba, width, height, channels: 4 } as const;
      return { rgba: (await watermark.write(pixels, id, made)).data, width, height };
    },
  };
}
