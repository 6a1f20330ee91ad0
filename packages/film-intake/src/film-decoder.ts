import { H264Decoder, UnitTooLarge, type DecodedPicture } from '@safelight/film';
import { FilmRefused } from './film-refused.js';

/** A decoded frame in I420, BT.709 or BT.601 in 16..235; whole blocks of 16 x 16 pixels. */
export type FilmFrame = DecodedPicture;

/** Decodes a film from outside, whose faults are its sender's; only `release` frees what it holds. */
export class FilmDecoder {
  private constructor(private readonly decoder: H264Decoder) {}

  /**
   * @param record an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3)
   * @throws FilmRefused `film.damaged`, `film.too_large`
   */
  static async open(record: Buffer): Promise<FilmDecoder> {
    return new FilmDecoder(
      await H264Decoder.open(record).catch((error: unknown) => {
        throw refusalOf(error);
      }),
    );
  }

  /**
   * The next frame, in the order of the file.
   *
   * @param packet its units, each behind its length in four bytes
   * @throws FilmRefused `film.damaged` where it does not decode to one frame, `film.too_large`
   */
  decode(packet: Buffer): FilmFrame {
    try {
      return this.decoder.decode(packet);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  release(): void {
    this.decoder.release();
  }
}

const refusalOf = (error: unknown): FilmRefused =>
  error instanceof UnitTooLarge
    ? new FilmRefused('film.too_large', 'a frame of the video has more than a megabyte')
    : new FilmRefused('film.damaged', 'a frame of the video cannot be decoded');
