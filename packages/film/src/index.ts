export { boxesIn, type Box } from './boxes.js';
export { H264Decoder, type DecodedPicture } from './h264-decoder.js';
export { markMp4, xmpBox, xmpIn } from './mark.js';
