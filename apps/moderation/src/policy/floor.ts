import { floorUnspaced, floorVocabulary } from './floor.vocabulary.js';
import { languageHarmless, languageWords, unspacedWords } from './languages/index.js';
import type { PolicyDocument } from './policy.js';
import { merged } from './policy.js';

/**
 * The content policy floor for words (docs: the content policy, F1, F2, F4). It is compiled in: no
 * variable, file, flag or role is read here, and documents above it can only add.
 */
export const floor: PolicyDocument = {
  version: 'floor-3',
  vocabulary: merged(floorVocabulary, languageWords),
  unspaced: merged(floorUnspaced, unspacedWords),
  harmless: [
    'naked mole/eye/eyes/tree/trees/branch/branches/oak/flame/flames/bulb/truth/singularity/twigs',
    'naked light bulb',
    'naked rock/cliff/cliffs/lunch',
    'nude lipstick/lip/lips/tone/tones/palette/color/colour/colors/colours/shade/shades',
    'nude nail/nails/makeup/eyeshadow/manicure/polish',
    'naked cake/cakes/bike/bikes/ladies',
    'topless tower/towers',
    'orgy of color/colour/colors/colours/light/flowers',
    'oilseed rape',
    'nude coloured/colored',
    'dress shoe/shoes/pattern/patterns/circle',
    'same/opposite/fair sex',
    'plane/airplane/aircraft/rocket/jet/helicopter/bird/birds/shuttle/ship taking/takes off',
    'plane/airplane/aircraft/rocket/jet/helicopter/bird/shuttle/ship is/about taking off',
    'remove* background/watermark/watermarks/text/noise/stain/stains/wrinkles/dust/snow/shadows',
    'remove* the background/watermark/stain/stains/dust/snow/shadows',
    'sex pistols',
    'rape field/fields/flower/flowers/blossom/blossoms/seed/seeds',
    'off white/shoulder/duty/road/season/center/centre',
    'off the shoulder/shoulders/rack/coast/beaten/wall',
    'no dress/clothes rehearsal/code/hangers/moths/line/lines',
    'see through glass/fog/mist/window/windows/water',
    'under the dress form',
    'minor key/chord/scale/league/arcana/planet/planets/details/detail/characters/character',
    'ursa minor',
    'kid gloves/goat/goats',
    'hindu/buddhist/jain swastika/swastikas',
    ...languageHarmless,
  ],
  avoidable: [
    'nsfw',
    'nude/nudes/nudity/naked/topless/sex/sexual/explicit/porn/porno/erotic/lewd/suggestive/sexy',
    'sexual/explicit/nsfw/adult content',
    'lingerie/underwear/bikini/nipple/nipples/genitals/cleavage',
    'bare breasts',
    'child/children/kid/kids/minor/minors/underage/teen/teenager/loli/shota/baby',
    'nazi/swastika/swastikas',
    'hate symbol/symbols',
    'nackt/nacktheit/nu/nue/nudite/desnudo/desnuda/desnudez/nudez/nudo/nuda/nudita/naakt/ciplak',
    'telanjang/обнаженка/нагота/ню',
  ],
  compounds: [
    { means: 'undress', first: ['remove'], then: ['garment', 'clothes'], within: 5 },
    { means: 'undress', first: ['without'], then: ['clothes'], within: 3 },
    { means: 'undress', first: ['garment', 'clothes'], then: ['off'], within: 2 },
    { means: 'undress', first: ['clothes'], then: ['remove'], within: 4 },
    { means: 'undress', first: ['garment', 'clothes'], then: ['gone'], within: 4 },
    {
      means: 'undress',
      first: ['see-through'],
      then: ['garment', 'clothes'],
      within: 2,
      anyOrder: true,
    },
    { means: 'undress', first: ['beneath'], then: ['clothes'], within: 3 },
    { means: 'nude', first: ['reveal'], then: ['intimate'], within: 3, anyOrder: true },
  ],
  rules: [
    {
      id: 'F1',
      category: 'minors',
      all: [['minor'], ['nude', 'bare', 'undress', 'explicit', 'suggestive']],
    },
    { id: 'F1', category: 'minors', all: [['minor'], ['unwanted-cover']] },
    {
      id: 'F4',
      category: 'named-people',
      all: [['named'], ['nude', 'bare', 'bare-name', 'undress', 'explicit', 'suggestive']],
    },
    {
      id: 'F4',
      category: 'named-people',
      all: [['public-figure'], ['nude', 'bare-name', 'undress', 'explicit']],
    },
    { id: 'F2', category: 'real-people', all: [['undress']] },
    { id: 'F2', category: 'real-people', all: [['person'], ['unwanted-cover']] },
  ],
};
