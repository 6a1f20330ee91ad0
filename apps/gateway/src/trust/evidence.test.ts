import { describe, expect, it } from '@jest/globals';
import type { ReadCredentials } from '@safelight/provenance';
import type { Findings } from './evidence.js';
import { evidenceOf, verdictOf } from './evidence.js';

const madeAt = '2026-01-02T03:04:05.678Z';
const nothing: Findings = {
  known: { decidedAt: null, watermark: null, likeness: null },
  picture: { credentials: undefined, hasKey: true, watermarks: [], likenesses: ['a'.repeat(64)] },
  mark: null,
};
const verdict = (found: Partial<Findings>) => verdictOf(evidenceOf({ ...nothing, ...found }));
const known = (one: Partial<Findings['known']>) => ({ known: { ...nothing.known, ...one } });
const others = { digitalSourceType: 'trainedAlgorithmicMedia', creatorTool: 'Somewhere' };
const signed = (
  state: ReadCredentials['state'],
  sourceType = 'trainedAlgorithmicMedia',
): Partial<Findings> => ({
  picture: {
    ...nothing.picture,
    credentials: { state, sourceTypes: [sourceType], signer: 'x', signedAt: madeAt },
  },
});
const likeness = { distance: 4, madeAt, fromPicture: false };

describe('the verdict', () => {
  it.each<[string, Partial<Findings>, string]>([
    ['nothing', {}, 'unknown'],
    ['the very bytes', known({ decidedAt: madeAt }), 'made_here'],
    ['a watermark on record', known({ watermark: { id: 'a'.repeat(16), madeAt } }), 'made_here'],
    ['what was made from words', known({ likeness }), 'made_here'],
    // Whoever asks about the photograph that they uploaded shall not hear that it was made here.
    [
      'what was made from a picture',
      known({ likeness: { ...likeness, fromPicture: true } }),
      'unknown',
    ],
    ['a mark of others', { mark: others }, 'marked_by_others'],
    ['a mark like ours', { mark: { ...others, creatorTool: 'Safelight x' } }, 'unknown'],
    ['credentials of ours', signed('ours'), 'made_here'],
    ['credentials of others', signed('foreign'), 'marked_by_others'],
    ['credentials of a camera', signed('foreign', 'digitalCapture'), 'unknown'],
    ['credentials that were ours before a change', signed('broken'), 'unknown'],
    ['both', { ...known({ decidedAt: madeAt }), mark: others }, 'made_here'],
    [
      'a watermark of no output on record',
      {
        picture: {
          ...nothing.picture,
          watermarks: [{ id: 'a'.repeat(16), strength: 20, scale: 1, mirrored: false }],
        },
      },
      'unknown',
    ],
  ])('after %s', (_what, found, expected) => {
    expect(verdict(found)).toBe(expected);
  });

  it('tells what could not be looked at', () => {
    const findings = (picture: Findings['picture']) =>
      evidenceOf({ ...nothing, picture }).map(({ finding }) => finding);
    expect(findings({ ...nothing.picture, unread: 'It is damaged.' })).toEqual([
      ...['not_read', 'nothing', 'not_read', 'not_read', 'nothing'],
    ]);
    expect(findings({ ...nothing.picture, hasKey: false })[2]).toBe('not_read');
  });
});
