export {
  processSpecificationOf,
  specificationOf,
  type Decided,
  type Given,
} from './specification.js';
export { FixedClock } from './fixed-clock.js';
export { eventually } from './eventually.js';
export { testPostgres, type TestPostgres } from './postgres.js';
export { testNats, type TestNats } from './nats.js';
export {
  S3Server,
  type S3Bucket,
  type S3ErrorCode,
  type S3Object,
  type S3Request,
  type S3ServerOptions,
} from './s3/s3-server.js';
export { disputeObject, refundObject, type StripeObject } from './stripe/objects.js';
export { StripeServer, type Fault, type SignedEvent } from './stripe/stripe-server.js';
export {
  ComfyuiServer,
  type ComfyuiServerOptions,
  type SubmittedPrompt,
} from './comfyui/comfyui-server.js';
export { decodeFilm, type DecodedFilm } from './film/decode-film.js';
export { drawnFace, type DrawnFace } from './film/drawn-face.js';
export { testFilm, type TestFilm } from './film/test-film.js';
export { formOf, HttpStage, jsonOf, type Told, type Upset } from './engine-server/http-stage.js';
export { A1111Server, type A1111ServerOptions } from './a1111/a1111-server.js';
export {
  OpenaiMediaServer,
  type OpenaiMediaServerOptions,
} from './openai-media/openai-media-server.js';
export { writeAvi } from './sdcpp/avi-writer.js';
export { SdcppServer, type SdcppServerOptions } from './sdcpp/sdcpp-server.js';
export { OpenaiGuardServer } from './openai-guard/openai-guard-server.js';
