/** Why a picture is refused: stable, dotted, the same for every door it can come in by. */
export const refusalCodes = [
  'image.too_large',
  'image.not_base64',
  'image.not_supported',
  'image.damaged',
  'image.too_many_pixels',
  'image.animated',
  'image.too_complex',
  'image.timeout',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

const sentences: Readonly<Record<RefusalCode, string>> = {
  'image.too_large': 'the image has too many bytes: compress it more, or scale it down',
  'image.not_base64':
    'the image is not base64: send the standard alphabet with padding, on one line, without a "data:" prefix',
  'image.not_supported':
    'the image is not a JPEG, PNG or WebP of the usual kind: convert it to one of them',
  'image.damaged': 'the image is damaged or incomplete: save it again from a program that opens it',
  'image.too_many_pixels': 'the image has too many pixels: scale it down',
  'image.animated': 'the image is animated: send a single frame',
  'image.too_complex':
    'the image takes too much memory to decode, or too much space once written anew: scale it down, or save it as a plain JPEG',
  'image.timeout':
    'the image takes too long to decode: scale it down, or save it as a plain JPEG or PNG',
};

/** The picture cannot be taken in. The message says what its owner can do about it. */
export class ImageRefused extends Error {
  constructor(
    readonly code: RefusalCode,
    message = sentences[code],
  ) {
    super(message);
    this.name = 'ImageRefused';
  }
}

/** @param maxBytes what is allowed, in bytes */
export const tooLarge = (maxBytes: number): ImageRefused =>
  new ImageRefused(
    'image.too_large',
    `the image has more than ${maxBytes} bytes: compress it more, or scale it down`,
  );

/** @param maxPixels what is allowed, in pixels */
const tooManyPixels = ({ width, height }: Size, maxPixels: number): ImageRefused =>
  new ImageRefused(
    'image.too_many_pixels',
    `the image has ${width} × ${height} pixels, and at most ${maxPixels} in all and ${maxSide} on a side are allowed: scale it down`,
  );

/** Most pixels on a side: beyond it a single row is a burden, and no format or engine agrees. */
const maxSide = 32_767;

/** @throws {ImageRefused} `image.too_many_pixels` */
export function assertSize(size: Size, maxPixels: number): void {
  const { width, height } = size;
  const fits = Math.max(width, height) <= maxSide && width * height <= maxPixels;
  if (!fits) throw tooManyPixels(size, maxPixels);
}

/** In pixels. */
export type Size = Readonly<{ width: number; height: number }>;

export type UnavailableCode = 'image.intake_busy' | 'image.intake_closed' | 'image.intake_down';

/** Nothing is wrong with the picture: it could not be looked at now, and may be sent again. */
export class IntakeUnavailable extends Error {
  constructor(
    readonly code: UnavailableCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IntakeUnavailable';
  }
}

export const intakeBusy = (): IntakeUnavailable =>
  new IntakeUnavailable('image.intake_busy', 'too many images wait to be decoded: try again soon');

export const intakeClosed = (): IntakeUnavailable =>
  new IntakeUnavailable('image.intake_closed', 'images are no longer taken in: the service stops');

/** @param cause for the operator alone: it may name paths of this machine */
export const intakeDown = (cause: unknown): IntakeUnavailable =>
  new IntakeUnavailable('image.intake_down', 'the image could not be decoded now: send it again', {
    cause,
  });
