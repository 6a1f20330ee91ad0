import { samplers as publicSamplers } from '@safelight/contracts';
import { invalid } from '../../remote/refusals.js';

export interface SamplerChoice {
  readonly sampler: string;
  readonly scheduler: string;
}

const samplers: ReadonlyMap<string, SamplerChoice> = new Map(
  (
    [
      ['Euler', 'euler', 'normal'],
      ['Euler a', 'euler_ancestral', 'normal'],
      ['LMS', 'lms', 'normal'],
      ['Heun', 'heun', 'normal'],
      ['DPM++ 2M', 'dpmpp_2m', 'karras'],
      ['DPM++ SDE', 'dpmpp_sde', 'karras'],
      ['DPM++ 2S a', 'dpmpp_2s_ancestral', 'karras'],
      ['DPM++ 2M SDE', 'dpmpp_2m_sde', 'exponential'],
      ['DPM++ 2M SDE Heun', 'dpmpp_2m_sde_heun', 'exponential'],
      ['DPM++ 3M SDE', 'dpmpp_3m_sde', 'exponential'],
      ['DPM2', 'dpm_2', 'karras'],
      ['DPM2 a', 'dpm_2_ancestral', 'karras'],
      ['DPM fast', 'dpm_fast', 'normal'],
      ['DPM adaptive', 'dpm_adaptive', 'normal'],
      ['DDIM', 'ddim', 'ddim_uniform'],
      ['UniPC', 'uni_pc', 'normal'],
      ['LCM', 'lcm', 'sgm_uniform'],
      ['HeunPP2', 'heunpp2', 'normal'],
      ['IPNDM', 'ipndm', 'normal'],
      ['IPNDM_V', 'ipndm_v', 'normal'],
      ['DEIS', 'deis', 'normal'],
    ] as const
  ).map(([name, sampler, scheduler]) => [name, { sampler, scheduler }]),
);

const schedulers: ReadonlyMap<string, string> = new Map([
  ['Uniform', 'normal'],
  ['Normal', 'normal'],
  ['Karras', 'karras'],
  ['Exponential', 'exponential'],
  ['Simple', 'simple'],
  ['Beta', 'beta'],
  ['SGM Uniform', 'sgm_uniform'],
  ['KL Optimal', 'kl_optimal'],
  ['DDIM', 'ddim_uniform'],
]);

/**
 * ComfyUI's pair for a sampler as A1111 names it; a scheduler's name at the end is split off first
 * (`DPM++ 2M Karras`), without one the sampler's own default is taken. The pairs are Forge's.
 *
 * @throws EngineError `engine.request_invalid` for a sampler that the core does not have
 */
export function samplerFor(name: string): SamplerChoice {
  const pair = pairOf(name);
  if (pair) return pair;
  throw invalid(
    `ComfyUI has no sampler ${name}: ask for one of ${[...samplers.keys()].join(', ')}`,
  );
}

function pairOf(name: string): SamplerChoice | undefined {
  const whole = samplers.get(name);
  if (whole) return whole;
  for (const [word, scheduler] of schedulers) {
    const bare = name.endsWith(` ${word}`) ? samplers.get(name.slice(0, -word.length - 1)) : null;
    if (bare) return { sampler: bare.sampler, scheduler };
  }
  return undefined;
}

/** The samplers of the public API that ComfyUI's core has. */
export const samplersHere = publicSamplers.filter((name) => pairOf(name) !== undefined);
