export { boxesIn, type Box } from './boxes.js';
export { H264Decoder, type DecodedPicture, UnitTooLarge } from './h264-decoder.js';
export { markMp4, xmpBox, xmpIn } from './mark.js';
