import { describe, expect, it } from '@jest/globals';
import { isMarkedByOthers, readMark } from './read-mark.js';

const type = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const fileWith = (...parts: string[]) =>
  Buffer.from(['\x89PNG', ...parts, '\xff\xd9'].join(' '), 'latin1');

describe('the mark of a file', () => {
  it('is read from attributes and from elements', () => {
    const attributes = `x:DigitalSourceType="${type}algorithmicMedia" xmp:CreatorTool="Safelight m"/>`;
    const ours = readMark(fileWith(attributes));
    expect(ours).toEqual({ digitalSourceType: 'algorithmicMedia', creatorTool: 'Safelight m' });
    expect(isMarkedByOthers(ours!)).toBe(false);
    const elements = `<x>${type}trainedAlgorithmicMedia</x><xmp:CreatorTool>Other</xmp:CreatorTool>`;
    const others = readMark(fileWith(elements));
    expect(others).toMatchObject({ creatorTool: 'Other' });
    expect(isMarkedByOthers(others!)).toBe(true);
  });

  it('is none where nothing is said, and not a machine’s where a camera says so', () => {
    expect(readMark(fileWith('a photograph'))).toBeNull();
    const camera = readMark(fileWith(`${type}digitalCapture`));
    expect(isMarkedByOthers(camera!)).toBe(false);
  });

  it('ends where the file ends', () => {
    expect(readMark(Buffer.from(type))).toEqual({ digitalSourceType: '', creatorTool: null });
    const open = `${type}algorithmicMedia CreatorTool="${'a'.repeat(500)}`;
    expect(readMark(fileWith(open))!.creatorTool).toBeNull();
  });
});
