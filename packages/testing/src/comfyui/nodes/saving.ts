import { encodeMp4 } from '../mp4.js';
import { opened, type Picture, type Video } from '../values.js';
import {
  float,
  link,
  oneOf,
  text,
  type Inputs,
  type NodeContext,
  type NodeDefinition,
  type NodeResult,
} from './define.js';

const pictures =
  (type: 'output' | 'temp') =>
  async (inputs: Inputs, { files, graph }: NodeContext): Promise<NodeResult> => {
    const made = inputs.get('images') as Picture;
    const prefix = inputs.has('filename_prefix') ? inputs.text('filename_prefix') : 'preview';
    const images = [];
    for (let frame = 0; frame < made.frames; frame += 1) {
      // ComfyUI writes the graph into what it saves.
      const note = { exif: { IFD0: { ImageDescription: JSON.stringify(graph) } } };
      const png = await opened(await made.draw(frame))
        .withMetadata(note)
        .png()
        .toBuffer();
      images.push(files.save(prefix, 'png', png, type));
    }
    return { outputs: [], ui: { images } };
  };

/** Nodes that leave files. */
export const saving: Readonly<Record<string, NodeDefinition>> = {
  SaveImage: {
    required: { images: link('IMAGE'), filename_prefix: text({ default: 'ComfyUI' }) },
    output: [],
    outputNode: true,
    run: pictures('output'),
  },
  PreviewImage: {
    required: { images: link('IMAGE') },
    output: [],
    outputNode: true,
    run: pictures('temp'),
  },
  CreateVideo: {
    required: { images: link('IMAGE'), fps: float(30, 1, 120, 1) },
    optional: { audio: link('AUDIO') },
    output: ['VIDEO'],
    newer: true,
    run: async (inputs) => {
      const video: Video = { pictures: inputs.get('images') as Picture, fps: inputs.number('fps') };
      return { outputs: [video] };
    },
  },
  SaveVideo: {
    required: {
      video: link('VIDEO'),
      filename_prefix: text({ default: 'video/ComfyUI' }),
      format: oneOf('auto', 'mp4'),
      codec: oneOf('auto', 'h264'),
    },
    output: [],
    outputNode: true,
    newer: true,
    run: async (inputs, { files, graph }) => {
      const made = await encodeMp4(inputs.get('video') as Video, JSON.stringify(graph));
      const saved = files.save(inputs.text('filename_prefix'), 'mp4', made);
      return { outputs: [], ui: { images: [saved], animated: [true] } };
    },
  },
};
