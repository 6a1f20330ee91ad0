import type { LayerName } from '../atelier/scene/film-notes.js';
import { isSnowing } from '../atelier/scene/weather.js';
import { settingOf } from '../atelier/scene/setting.js';
import { type Happening, happenings } from './atmosphere.js';
import { cameraOver } from './camera.js';
import { falling } from './falling.js';
import type { Filmed } from './filmed.js';
import { lightingOf } from './lighting.js';
import { type FrameSize, Motions } from './motion.js';
import type { Plane, Scene } from './scenery.js';

/** A painted scene before the camera. */
export function filmedScene({ stage, planes }: Scene, frame: FrameSize): Filmed {
  const motions = new Motions(stage, frame);
  const moved = planes.map((plane) => ({ ...plane, motion: motions.of(plane) }));
  const camera = cameraOver(stage.chance('camera'), stage.heroX > stage.width / 2 ? 1 : -1);
  const unit = Math.min(frame.width, frame.height);
  const extent = { width: frame.width / unit, height: frame.height / unit };
  const outdoors = settingOf(stage.brief).world === 'outdoors';
  const { weather } = stage.brief;
  const fall = {
    snow: outdoors && isSnowing(stage),
    rain: outdoors ? (weather.has('storm') ? 1 : weather.has('rain') ? 0.7 : 0) : 0,
    wind: motions.wind,
  };
  const happening = [
    ...happenings(stage, motions, extent),
    ...falling(stage.chance('falling'), fall, extent),
  ];
  return {
    moment: (seconds, time) => ({ seconds, view: camera(time) }),
    draw: ({ mesh, brush }, moment) => {
      moved.forEach(({ layer, motion }, at) => {
        mesh.draw(layer, motion(moment));
        for (const one of happening) if (turnOf(one, planes) === at) one.draw(brush, moment);
      });
    },
    lighting: ({ seconds }) => lightingOf(stage, seconds),
  };
}

const FAR_TO_NEAR: readonly LayerName[] = ['sky', 'clouds', 'far', 'ground', 'cast', 'front'];

// Scenes lack planes (a clear sky has no clouds): then it comes before the next one that there is.
function turnOf({ after }: Happening, planes: readonly Plane[]): number {
  if (after === undefined) return planes.length - 1;
  const place = FAR_TO_NEAR.indexOf(after);
  return planes.findLastIndex(({ name }) => FAR_TO_NEAR.indexOf(name) <= place);
}
