import type { PolicyDocument } from './policy.js';

/** The default policy above the floor: what a text-only prompt may not ask for either. */
export const policyV1: PolicyDocument = {
  version: '2026-11-1',
  vocabulary: {
    'hate-group': ['nazi', 'nazis', 'hitler', 'third reich', 'kkk', 'klan', 'white supremacist'],
    emblem: [
      'flag flags banner banners emblem emblems armband armbands salute saluting salutes symbol',
      'symbols insignia logo logos propaganda hood hoods',
    ].flatMap((line) => line.split(' ')),
    hate: [
      'swastika',
      'swastikas',
      'hakenkreuz',
      'sieg heil',
      'ku klux klan',
      'white power',
      'ss runes/bolts/insignia',
      'свастика',
    ],
  },
  unspaced: { hate: ['纳粹', '納粹', 'ハーケンクロイツ'] },
  harmless: [],
  avoidable: [],
  compounds: [
    { means: 'hate', first: ['hate-group'], then: ['emblem'], within: 4, anyOrder: true },
  ],
  rules: [
    { id: 'D1', category: 'explicit', all: [['nude', 'explicit']] },
    { id: 'D2', category: 'hate-symbols', all: [['hate']] },
  ],
};
