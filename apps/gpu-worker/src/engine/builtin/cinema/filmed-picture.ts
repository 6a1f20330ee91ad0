import { noiseAt } from '../atelier/drawing/noise.js';
import { hashText, Random } from '../atelier/drawing/random.js';
import { ease, sine } from '../atelier/drawing/turn.js';
import type { Commission } from '../atelier/painting.js';
import { readBrief } from '../atelier/reading/brief.js';
import type { Picture } from '../picture.js';
import { cameraInto } from './camera.js';
import { falling } from './falling.js';
import type { Filmed } from './filmed.js';
import { solid } from './layer.js';
import type { Lookup } from './mesh.js';
import type { Moment } from './motion.js';

/** How far the picture's parts drift, as a share of its short side. */
const DRIFT = 0.012;

/**
 * A picture before the camera: it moves into it, what lies low comes nearer than what lies high, and
 * everything drifts a little. Nobody looks into the picture: there is no telling what is in it. Words
 * of weather let snow or rain fall before it.
 */
export function filmedPicture(
  { rgba, width, height }: Picture,
  { prompt, negativePrompt, guidance, seed }: Commission,
): Filmed {
  const random = new Random(hashText('film', seed));
  const camera = cameraInto(random.fork('camera'));
  const layer = solid(flattened(rgba), width, height);
  const unit = Math.min(width, height);
  const { weather } = readBrief(prompt, negativePrompt, guidance);
  const fall = {
    snow: weather.has('snow'),
    rain: weather.has('storm') ? 1 : weather.has('rain') ? 0.7 : 0,
    wind: random.chance(0.5) ? 1 : -1,
  };
  const happening = falling(random.fork('falling'), fall, {
    width: width / unit,
    height: height / unit,
  });
  return {
    moment: (seconds, time) => ({ seconds, view: camera(time) }),
    draw: ({ mesh, brush }, moment) => {
      mesh.draw(layer, lookup(moment, { width, height, unit }));
      for (const { draw } of happening) draw(brush, moment);
    },
    lighting: ({ seconds }) => {
      const breath = 1 + 0.015 * sine(seconds * 0.1);
      return () => breath;
    },
  };
}

interface Sides {
  readonly width: number;
  readonly height: number;
  readonly unit: number;
}

function lookup({ seconds, view }: Moment, { width, height, unit }: Sides): Lookup {
  // The picture itself comes first; what drifts, drifts away from there.
  const drift = unit * DRIFT * ease(0, 2.5, seconds);
  const room = 1 - 1 / view.zoom;
  return (x, y, place) => {
    const near = 0.75 + 0.5 * (y / height);
    const scale = 1 / (1 + (view.zoom - 1) * near);
    place.x = width / 2 + (view.x * room * width) / 2 + (x - width / 2) * scale;
    place.y = height / 2 + (view.y * room * height) / 2 + (y - height / 2) * scale;
    const [u, v] = [(place.x / unit) * 0.4, (place.y / unit) * 0.4];
    place.x += drift * (noiseAt(u, v + seconds * 0.02) - 0.5);
    place.y += drift * (noiseAt(u + 0.5, v - seconds * 0.02) - 0.5);
  };
}

/** What is transparent lies on white, as in a JPEG. */
function flattened(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; o < rgb.length; i += 4, o += 3) {
    const a = (rgba[i + 3] ?? 255) / 255;
    for (let c = 0; c < 3; c++) rgb[o + c] = (rgba[i + c] ?? 0) * a + 255 * (1 - a);
  }
  return rgb;
}
