/** Up to where a scene is complete, from far to near. */
export type LayerName = 'sky' | 'clouds' | 'far' | 'ground' | 'cast' | 'front';

/** A place that shines, in units of the stage. */
export interface Shining {
  x: number;
  y: number;
  radius: number;
}

/**
 * What a film has to know of a scene beside its pixels. Where a stage has notes, what moves of itself
 * (birds, rain, snow) is left out of the scene: the film draws it anew in each frame.
 */
export class FilmNotes {
  /** How much of each pixel clouds cover, 0..255. */
  readonly cloudCover: Uint8Array;
  readonly stars: Shining[] = [];

  constructor(
    pixels: number,
    /** Called whenever the scene is complete up to a layer. */
    readonly onLayer: (layer: LayerName) => void,
  ) {
    this.cloudCover = new Uint8Array(pixels);
  }
}
