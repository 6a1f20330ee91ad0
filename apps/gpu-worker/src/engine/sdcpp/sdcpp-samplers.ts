import { invalid } from '../remote/refusals.js';
import type { SdcppCapabilities } from './sdcpp-client.js';

/** The server's own words for the public names; a pair without a scheduler leaves that to the server. */
const SAMPLERS: ReadonlyMap<string, readonly [method: string, scheduler?: string]> = new Map([
  ['Euler', ['euler']],
  ['Euler a', ['euler_a']],
  ['Heun', ['heun']],
  ['DPM2', ['dpm2']],
  ['DPM2 Karras', ['dpm2', 'karras']],
  ['DPM++ 2S a', ['dpm++2s_a']],
  ['DPM++ 2S a Karras', ['dpm++2s_a', 'karras']],
  ['DPM++ 2M', ['dpm++2m']],
  ['DPM++ 2M Karras', ['dpm++2m', 'karras']],
  // As the server's own A1111 routes have it.
  ['DDIM', ['ddim_trailing']],
]);

export interface SampleMethod {
  readonly sample_method: string;
  readonly scheduler?: string;
}

/** @throws EngineError `engine.request_invalid` for a sampler that it, or this build of it, does not have */
export function sampleMethodFor(
  name: string,
  { samplers, schedulers }: Pick<SdcppCapabilities, 'samplers' | 'schedulers'>,
): SampleMethod {
  const [method, scheduler] = SAMPLERS.get(name) ?? [];
  const isThere =
    method !== undefined &&
    samplers.includes(method) &&
    (scheduler === undefined || schedulers.includes(scheduler));
  if (isThere) return { sample_method: method, ...(scheduler === undefined ? {} : { scheduler }) };
  const there = [...SAMPLERS.keys()].join(', ');
  throw invalid(`stable-diffusion.cpp has no sampler ${name}: ask for one of ${there}`);
}
