export { type Claim, type SignedMediaType, WATERMARK_ALGORITHM } from './credentials/claim.js';
export { CredentialsReader } from './credentials/credentials-reader.js';
export { stateNatively } from './credentials/native-reading.js';
export type { ReadCredentials } from './credentials/reading.js';
export { CredentialsSigner } from './credentials/credentials-signer.js';
export { createTestAuthorityFile, readTestAuthorityFile } from './credentials/files.js';
export {
  createTestAuthority,
  type SigningIdentity,
  type TestAuthority,
} from './credentials/test-authority.js';
export { openTestClock, type TestClock } from './credentials/test-clock.js';
export type { Brightness } from './watermark/brightness.js';
export { brightnessOf, type Pixels } from './watermark/embed.js';
export type { Reading } from './watermark/read.js';
export { type Candidate, findWatermark, SURE } from './watermark/search.js';
export { LEAST_KEY, LEAST_SIDE, Watermark, type WatermarkId } from './watermark/watermark.js';
export { WatermarkThread } from './watermark/watermark-thread.js';
