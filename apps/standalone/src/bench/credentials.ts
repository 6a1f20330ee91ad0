import { BuiltinEngine } from '@safelight/gpu-worker/bench';
import {
  createTestAuthority,
  CredentialsReader,
  CredentialsSigner,
  openTestClock,
  type SignedMediaType,
  stateNatively,
} from '@safelight/provenance';
import { figure, say } from './say.js';
import { median } from './statistics.js';

const TIMES = 20;
const SIDE = 512;
const TRAINED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** @returns whether both readers trust an output of each format */
export async function credentialsOfEach(): Promise<boolean> {
  const authority = createTestAuthority();
  const clock = await openTestClock(authority.timestamps);
  const signer = await CredentialsSigner.open(authority.signer, clock.url);
  const reader = new CredentialsReader(authority.signer.certificates);
  let all = true;
  say('content credentials, signed and stamped by a test authority on this machine');
  for (const [mediaType, bytes] of await outputs()) {
    const claim = { tool: 'bench', digitalSourceType: TRAINED, jobId: 'bench', picture: 0 };
    let [file, took] = [bytes, [] as number[]];
    for (let at = 0; at < TIMES; at++) {
      const begun = performance.now();
      file = await signer.sign(bytes, mediaType, { ...claim, madeFrom: [] });
      took = [...took, performance.now() - begun];
    }
    const state = (await reader.read(file, mediaType))?.state ?? 'not read';
    const native = await stateNatively(file, mediaType, authority.anchors);
    all &&= state === 'ours' && native === 'Trusted';
    const ms = `${figure(median(took))} ms p50, ${figure(file.length - bytes.length)} bytes more`;
    say(`${mediaType.padEnd(12)}native: ${native}, WebAssembly: ${state}; signed in ${ms}`);
  }
  await Promise.all([signer.close(), reader.close(), clock.close()]);
  return all;
}

async function outputs(): Promise<(readonly [SignedMediaType, Buffer])[]> {
  const engine = new BuiltinEngine();
  const made = async (
    request: Pick<Request, 'operation' | 'model' | 'format' | 'seconds' | 'fps'>,
  ) => {
    const asked = { prompt: 'a lake', negativePrompt: '', width: SIDE, height: SIDE, seed: 1 };
    const how = { steps: 4, guidance: 7 };
    const { signal } = new AbortController();
    const { mediaType, bytes } = await engine.run(
      { ...asked, ...how, ...request },
      () => undefined,
      signal,
    );
    return [mediaType, Buffer.from(bytes)] as const;
  };
  const picture = { operation: 'generate', model: 'builtin/atelier' } as const;
  try {
    return [
      await made({ ...picture, format: 'png' }),
      await made({ ...picture, format: 'jpeg' }),
      await made({ ...picture, format: 'webp' }),
      await made({
        ...{ operation: 'video', model: 'builtin/cinema', format: 'png' },
        ...{ seconds: 1, fps: 8 },
      }),
    ];
  } finally {
    await engine.close();
  }
}

type Request = Parameters<BuiltinEngine['run']>[0];
