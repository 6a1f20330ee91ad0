import { describe } from '@jest/globals';
import { ComfyuiServer } from '@safelight/testing';
import { weightlessGraphs } from './weightless-graphs.js';

describe('graphs without weights, on the test server', () => {
  weightlessGraphs(() => ComfyuiServer.start());
});
