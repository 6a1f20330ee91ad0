import { noSignals } from '../decisions/signals.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import { LOCAL, type Provider } from './provider.js';

/** The words of the floor and the default policy, read in this process: always there, and always first. */
export const localWords = ({
  screen,
  pictureScreen,
}: Pick<ActivePolicy, 'screen' | 'pictureScreen'>): Provider => ({
  ...{ name: LOCAL, model: 'safelight-words', stages: ['prompt'] as const, patienceMs: 5_000 },
  evaluate: ({ artefact }) => {
    if (artefact.kind !== 'words') return Promise.resolve(noSignals);
    const texts = artefact.besidePicture
      ? pictureScreen.measure(artefact)
      : [screen.measure(artefact)];
    return Promise.resolve({ ...noSignals, texts });
  },
});
