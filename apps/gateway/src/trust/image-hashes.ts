import { type ImageIntake, ImageRefused } from '@safelight/image-intake';
import { hexOf, pdqOfPicture } from '@safelight/perceptual-hash';
import { problemOfPicture } from '../pictures/picture.refusals.js';

/** Below it a hash says little: flat pictures all look the same. */
const LEAST_QUALITY = 50;

/** What a reported image looks like. It is drawn anew elsewhere first: anybody sends it. */
export class ImageHashes {
  constructor(private readonly intake: Pick<ImageIntake, 'clean'>) {}

  /**
   * PDQ in all eight orientations; none for a video, a damaged file or one that shows too little:
   * these are found by their very bytes alone.
   *
   * @throws Problem SERVICE_UNAVAILABLE
   */
  async of(file: Buffer): Promise<string[]> {
    try {
      const { bytes } = await this.intake.clean(file);
      const found = await pdqOfPicture(bytes);
      const telling = found.filter(({ quality }) => quality >= LEAST_QUALITY);
      return telling.flatMap(({ hashes }) => hashes.map(hexOf));
    } catch (error) {
      if (error instanceof ImageRefused) return [];
      throw problemOfPicture(error, '/image');
    }
  }
}
