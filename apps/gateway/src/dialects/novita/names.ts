/** What fields of a native request are called in this dialect. */
const names: Readonly<Record<string, string>> = {
  model: 'model_name',
  n: 'image_num',
  guidance: 'guidance_scale',
  sampler: 'sampler_name',
  vae: 'sd_vae',
  image: 'image_base64',
  mask: 'mask_image_base64',
  scale: 'scale_factor',
};

/** The pointer into a body of this dialect, for one into the native request that it was made. */
export function pointerInNovita(pointer: string): string {
  const [, first = '', ...rest] = pointer.split('/');
  if (pointer === '' || !pointer.startsWith('/') || first === 'request' || first === 'extra')
    return pointer;
  return ['', 'request', names[first] ?? first, ...rest].join('/');
}
