import type { FieldFault } from '../http/problem.js';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { CatalogueModel } from './document.js';

type Spec = WantedJob['spec'];
/** `/steps` and so on, wherever the request stands in the body. */
export type At = (field: string) => string;

/** What of a request is beyond what its model does, by the catalogue. */
export function faultsOfLimits(spec: Spec, { name, limits }: CatalogueModel, at: At): FieldFault[] {
  const faults: FieldFault[] = [];
  const require = (field: string, ok: boolean, remedy: string) => {
    if (!ok) faults.push({ pointer: at(field), message: `${remedy} for ${name}` });
  };
  const { steps, images, parts } = spec;
  const { min_steps, max_steps, max_images, samplers } = limits;
  const stepsFit = steps === null || (steps >= min_steps && steps <= max_steps);
  require('steps', stepsFit, `must be from ${min_steps} to ${max_steps}`);
  require('n', images <= max_images, `must be at most ${max_images}`);
  const sampler = parts?.sampler;
  const known = sampler === undefined || samplers === null || samplers.includes(sampler);
  require('sampler', known, `must be one of ${samplers?.join(', ') ?? ''}`);
  if (spec.resolution === undefined) faults.push(...faultsOfSize(spec, { name, limits }, at));
  return faults;
}

const fromWidths = new Set<Spec['operation']>(['generate', 'video']);

function faultsOfSize(
  { operation, width, height }: Spec,
  { name, limits }: Pick<CatalogueModel, 'name' | 'limits'>,
  at: At,
): FieldFault[] {
  const faults: FieldFault[] = [];
  // What was drawn from an image has its size: there is no other field to change.
  const field = (side: string) => at(fromWidths.has(operation) ? side : 'image');
  for (const [side, length] of [
    ['width', width],
    ['height', height],
  ] as const) {
    const least = limits[`min_${side}`];
    const most = limits[`max_${side}`];
    if (length >= least && (most === null || length <= most)) continue;
    const range = most === null ? `at least ${least}` : `from ${least} to ${most}`;
    const message = `is beyond what ${name} does: a ${side} of ${length}; choose ${range} pixels`;
    faults.push({ pointer: field(side), message });
  }
  const { max_pixels: most } = limits;
  if (most !== null && width * height > most) {
    const message = `times height is beyond what ${name} does: at most ${most} pixels in all`;
    faults.push({ pointer: field('width'), message });
  }
  return faults;
}
