import type { FaceSwapRequest } from '@safelight/contracts';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { Picture } from '../pictures/picture.js';

const UNUSED = { guidance: 1, seed: 0 } as const;

/** The result is as large as the image whose face changes. */
export const faceSwapJob = (body: FaceSwapRequest, image: Picture): WantedJob => ({
  spec: {
    operation: 'face-swap',
    model: body.model ?? null,
    steps: null,
    width: image.width,
    height: image.height,
    ...UNUSED,
    images: 1,
    format: body.output.format,
    lane: body.priority,
    moderationLevel: body.moderation.level,
  },
  words: { prompt: '', negativePrompt: '' },
  metadata: body.metadata,
  webhook: body.webhook,
});
