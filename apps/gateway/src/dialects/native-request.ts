import { generateRequest } from '@safelight/contracts';

/** The native request with every default of the native API, for a dialect to write its own over. */
export const nativeDefaults = generateRequest.parse({ prompt: 'x' });
