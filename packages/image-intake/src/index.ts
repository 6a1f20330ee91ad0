export type { CleanImage } from './clean-image.js';
export { decodeBase64Image } from './decode-base64-image.js';
export type { MediaType } from './format/formats.js';
export { ImageIntake } from './image-intake.js';
export type { ImageRun, IntakeOptions } from './image-intake.js';
export { ImageRefused, IntakeUnavailable } from './refusals.js';
export type { RefusalCode, UnavailableCode } from './refusals.js';
