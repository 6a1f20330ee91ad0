import type { InputRole, InputSecret, JobInput } from '@safelight/contracts';
import { newUuid } from '@safelight/contracts';
import type { SealedObjects } from '@safelight/object-store';
import type { InputFile } from './picture.js';

/** A picture or a film, and what it is for. */
export interface JobPicture {
  readonly role: InputRole;
  readonly picture: InputFile;
}

/** A job's pictures as its submission carries them. */
export interface SealedPictures {
  readonly inputs: JobInput[];
  /** In the same order. */
  readonly secrets: InputSecret[];
}

/**
 * Lays a job's pictures down for its worker, each sealed under a random key. Every job has copies of
 * its own, so that it can be deleted alone. Names are random: a repeated submission writes others,
 * and whatever no job names cannot be opened by anybody.
 */
export class JobPictures {
  constructor(private readonly objects: SealedObjects) {}

  async seal(jobId: string, pictures: readonly JobPicture[]): Promise<SealedPictures> {
    const sealed = await Promise.all(
      pictures.map(async ({ role, picture }) => {
        const { bytes, mediaType, width, height, digests } = picture;
        const key = `jobs/${jobId}/inputs/${newUuid()}`;
        const { dataKey, digest } = await this.objects.put(key, bytes);
        const input: JobInput = { role, key, digest, mediaType, width, height };
        return { input, secret: { dataKey, digests: [...digests] } };
      }),
    );
    return {
      inputs: sealed.map(({ input }) => input),
      secrets: sealed.map(({ secret }) => secret),
    };
  }

  /** For a submission that was refused for sure. */
  async discard({ inputs }: SealedPictures): Promise<void> {
    await Promise.all(inputs.map(({ key }) => this.objects.delete(key)));
  }
}
