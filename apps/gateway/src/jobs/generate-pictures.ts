import type { GenerateRequest, InputRole } from '@safelight/contracts';
import type { PictureField } from '../pictures/picture-intake.js';

type Body = Pick<GenerateRequest, 'image' | 'ip_adapters' | 'controlnet'>;

/** A field of a request that holds a picture, and what the picture is for. */
export interface AskedPicture extends PictureField {
  readonly role: InputRole;
}

/**
 * The pictures of a generation in the order in which a job has them: that of the parts, whose i-th
 * IP-Adapter uses the i-th `reference`, and whose i-th ControlNet the i-th `control`.
 *
 * @param at where the request stands in the body: '' or '/request'
 */
export function picturesIn({ image, ip_adapters, controlnet }: Body, at = ''): AskedPicture[] {
  const list = (role: InputRole, field: string, entries: readonly { image: string }[]) =>
    entries.map((entry, index): AskedPicture => ({
      role,
      pointer: `${at}/${field}/${index}/image`,
      reference: entry.image,
    }));
  return [
    ...(image === undefined
      ? []
      : [{ role: 'image' as const, pointer: `${at}/image`, reference: image }]),
    ...list('reference', 'ip_adapters', ip_adapters),
    ...list('control', 'controlnet/units', controlnet?.units ?? []),
  ];
}
