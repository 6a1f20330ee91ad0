import { editRequest, generateRequest, upscaleRequest } from '@safelight/contracts';

/** Native requests with every default of the native API, for a dialect to write its own over. */
export const nativeDefaults = generateRequest.parse({ prompt: 'x' });
export const nativeEdit = {
  ...editRequest.parse({ prompt: 'x', image: 'x', automask: 'subject' }),
  automask: undefined,
};
export const nativeUpscale = upscaleRequest.parse({ image: 'x' });
