export { FileObjectStore } from './file-object-store.js';
export { keySegments, mediaTypeOf, ObjectKeyRefused } from './object-key.js';
export type { KeyFault } from './object-key.js';
export {
  ObjectAltered,
  ObjectConflict,
  ObjectNotFound,
  ObjectSizeDiffers,
} from './object-store.js';
export type { ObjectStore, StoredObject } from './object-store.js';
export { SealBroken, SealedObjects } from './sealed-objects.js';
export type { Sealing } from './sealed-objects.js';
export { seal, unseal } from './sealing.js';
export type { Sealed } from './sealing.js';
export { SignatureRefused, SignedUrls } from './signed-urls.js';
export type { SignatureFault, SignedMethod, UrlGrant } from './signed-urls.js';
