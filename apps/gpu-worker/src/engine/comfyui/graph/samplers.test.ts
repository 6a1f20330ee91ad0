import { describe, expect, it } from '@jest/globals';
import { samplers } from '@safelight/contracts';
import { samplerFor } from './samplers.js';

/** A1111's names, and the pairs that Forge gives them in ComfyUI. */
const table: readonly (readonly [string, string, string])[] = [
  ['Euler a', 'euler_ancestral', 'normal'],
  ['Euler', 'euler', 'normal'],
  ['LMS', 'lms', 'normal'],
  ['Heun', 'heun', 'normal'],
  ['DPM2', 'dpm_2', 'karras'],
  ['DPM2 a', 'dpm_2_ancestral', 'karras'],
  ['DPM++ 2S a', 'dpmpp_2s_ancestral', 'karras'],
  ['DPM++ 2M', 'dpmpp_2m', 'karras'],
  ['DPM++ SDE', 'dpmpp_sde', 'karras'],
  ['DPM fast', 'dpm_fast', 'normal'],
  ['DPM adaptive', 'dpm_adaptive', 'normal'],
  ['LMS Karras', 'lms', 'karras'],
  ['DPM2 Karras', 'dpm_2', 'karras'],
  ['DPM2 a Karras', 'dpm_2_ancestral', 'karras'],
  ['DPM++ 2S a Karras', 'dpmpp_2s_ancestral', 'karras'],
  ['DPM++ 2M Karras', 'dpmpp_2m', 'karras'],
  ['DPM++ SDE Karras', 'dpmpp_sde', 'karras'],
  ['DDIM', 'ddim', 'ddim_uniform'],
  ['UniPC', 'uni_pc', 'normal'],
  ['DPM++ 2M SDE', 'dpmpp_2m_sde', 'exponential'],
  ['DPM++ 2M SDE Heun', 'dpmpp_2m_sde_heun', 'exponential'],
  ['DPM++ 3M SDE Karras', 'dpmpp_3m_sde', 'karras'],
  ['LCM', 'lcm', 'sgm_uniform'],
  ['Euler SGM Uniform', 'euler', 'sgm_uniform'],
  ['Euler a KL Optimal', 'euler_ancestral', 'kl_optimal'],
  ['DEIS', 'deis', 'normal'],
];

describe("A1111's samplers", () => {
  it.each(table)('%s is %s with %s', (name, sampler, scheduler) => {
    expect(samplerFor(name)).toEqual({ sampler, scheduler });
  });

  it.each(['PLMS', 'Restart', 'Euler Polyexponential', 'constructor', ''])(
    '%s is none of the core and refused',
    (name) => {
      expect(() => samplerFor(name)).toThrow(
        expect.objectContaining({ code: 'engine.request_invalid' }),
      );
    },
  );

  it('has every sampler of the public API but one', () => {
    const refused = samplers.filter((name) => {
      try {
        return samplerFor(name).sampler === '';
      } catch {
        return true;
      }
    });
    expect(refused).toEqual(['PLMS']);
  });
});
