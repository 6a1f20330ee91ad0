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

/** And fields of its parts. */
const namesWithin: Readonly<Record<string, string>> = {
  model: 'model_name',
  image: 'image_base64',
};

/** The pointer into a body of this dialect, for one into the native request that it was made. */
export function pointerInNovita(pointer: string): string {
  const [, first = '', ...rest] = pointer.split('/');
  if (pointer === '' || !pointer.startsWith('/') || first === 'request' || first === 'extra')
    return pointer;
  const within = rest.map((part) => namesWithin[part] ?? part);
  return ['', 'request', names[first] ?? first, ...within].join('/');
}
