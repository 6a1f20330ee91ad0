import type { PolicyDocument } from './policy.js';
import { merged } from './policy.js';
import { floor } from './floor.js';
import { intentUnspacedBesidePicture, intentWordsBesidePicture } from './languages/index.js';

/**
 * What the floor refuses besides, where a request brings a picture (docs: the content policy, F2 and
 * F6). Each picture counts as one of a person, whatever models see in it (decision 34): whatever would
 * undress, expose, thin out or sexualise somebody is refused, also where it may be meant for a
 * landscape. It is part of the floor: no document can take anything of it away.
 */
const additions: Pick<PolicyDocument, 'vocabulary' | 'unspaced' | 'harmless' | 'compounds'> = {
  vocabulary: {
    nude: [
      ...'naakt naakte nua nuas nackig hullenlos ciplak naga nagi nago gola golo naken nakna'.split(
        ' ',
      ),
      ...'раздета раздеты раздетый раздетая гола голий оголена'.split(' '),
      'shirtless',
      'barechested',
      'bare chested',
      'oben ohne',
      'torse nu',
      'torso desnudo',
    ],
    undress: [
      'unbutton* unzip* unclasp* unhook* denude* declothe*',
      'entblosse* entblossen freilegen uitkleden uitgekleed rozbierz rozbierac rozebrana soyun*',
      'роздягни роздягнути роздягнена',
    ]
      .flatMap((line) => line.split(' '))
      .concat([
        'strip/strips/stripped/stripping down/bare/off',
        'more/extra skin',
        'show/shows/showing/reveal/reveals/revealing some/more/much/her/his/their skin',
        'into/to/with skin',
        'nothing on/underneath',
        'sem roupa/roupas',
        'tire/tira/tirar a/as roupa/roupas',
        'sin nada puesto',
        'zonder kleren/kleding',
        'bez ubrania/ubran',
        'take/takes/taking it/everything/all off',
        'take/takes/taking off it/everything/all',
        'everything/all off',
        'wear/wears/wearing/wore little/less/only/hardly/barely/almost',
        'skinny dipping',
        'nothing but',
        'less/barely/hardly/not/half/minimally covered/dressed/clad',
        'mehr haut',
        'plus de peau',
        'mas piel',
      ]),
    suggestive: [
      'swimsuit* swimwear bikini* monokini trikini thong thongs gstring panty panties boxers briefs',
      'underwear underpants undergarment undergarments lingerie bra bras brassiere corset negligee',
      'nightie babydoll stockings garterbelt skimpy scantily revealing provocative provocatively',
      'seduce* flirty curvy busty voluptuous boudoir pinup glamour fetish latex',
      'badeanzug badehose unterhose unterhosen dessous reizwasche sujetador bragas tanga banador',
      'mutande mutandine perizoma soutiengorge купальник купальнике купальники бикини трусы трусах',
    ]
      .flatMap((line) => line.split(' '))
      .concat([
        'bathing suit/suits/costume',
        'swim/swimming suit/suits/trunks/wear/shorts',
        'g string',
        'body paint',
        'low cut',
        'plunging/deep neckline',
        'wet shirt/tshirt/dress/clothes/blouse',
        'wet t shirt',
        'only/just a/in towel/apron/shirt',
        'maillot/maillots de bain',
        'traje/trajes de bano',
        'costume da bagno',
        'pin up',
        'bed pose',
        'in a/the shower/bathtub/sauna/jacuzzi',
        'in a/the hot tub',
        'showering',
      ]),
    intimate: [
      'breast breasts boob boobs bust cleavage nipple nipples buttocks butt bum crotch groin genitals',
      'privates bosom brust bruste busen seins poitrine fesses pechos senos trasero tette sedere грудь',
    ].flatMap((line) => line.split(' ')),
    garment: [
      'coat coats jacket jackets sweater sweaters hoodie hoodies cardigan cardigans robe robes gown',
      'gowns vest vests uniform uniforms suit suits tights hijab burqa niqab veil sleeve sleeves',
      'fabric textile cloth neckline hem overall overalls kimono sari costume jacke mantel pullover manteau veste abrigo',
      'chaqueta giacca cappotto пальто куртку',
    ].flatMap((line) => line.split(' ')),
    less: [
      'less fewer shorter thinner tighter smaller tiny sheer sheerer minimal thin lower cropped micro',
      'open opened undone loose torn ripped missing absent knapper kurzer enger dunner weniger moins',
      'menos plus courte mas corto',
    ]
      .flatMap((line) => line.split(' '))
      .concat(['made/out of/from glass/mesh/fishnet/cellophane/plastic']),
    gone: ['gone', 'missing', 'absent', 'left/leave/leaving out/away', 'without it/them/any'],
    body: [
      'skin chest leg legs thigh thighs hip hips belly stomach midriff torso navel waist haut beine',
      'bauch peau jambes ventre piel piernas pelle gambe',
    ].flatMap((line) => line.split(' ')),
  },
  unspaced: {
    suggestive: [
      '比基尼',
      '泳衣',
      '泳装',
      '泳裝',
      '内裤',
      '內褲',
      '胸罩',
      '水着',
      'ビキニ',
      'パンツ',
    ],
    nude: ['裸', '全裸', '赤裸'],
    undress: [
      '脱ぐ',
      '脱が',
      '脱い',
      '没有衣',
      '沒有衣',
      '没穿',
      '沒穿',
      '露出',
      '暴露',
      '更少的衣',
      '更多皮肤',
    ],
  },
  harmless: [
    'comic/film/led/landing strip',
    'chicken/turkey/duck breast',
    'transparent background',
  ],
  compounds: [
    { means: 'undress', first: ['less'], then: ['garment', 'clothes'], within: 2, anyOrder: true },
    { means: 'undress', first: ['reveal'], then: ['body'], within: 4, anyOrder: true },
    { means: 'undress', first: ['without'], then: ['garment'], within: 3 },
    { means: 'undress', first: ['garment'], then: ['gone', 'off'], within: 4 },
    { means: 'undress', first: ['garment'], then: ['remove'], within: 3 },
  ],
};

/** The floor for a request with a picture: every rule of the floor, and one more. */
export const floorBesidePicture: PolicyDocument = {
  ...floor,
  version: 'floor-beside-picture-4',
  vocabulary: [additions.vocabulary, intentWordsBesidePicture].reduce(merged, floor.vocabulary),
  unspaced: [additions.unspaced, intentUnspacedBesidePicture].reduce(merged, floor.unspaced),
  harmless: [...floor.harmless, ...additions.harmless],
  compounds: [...floor.compounds, ...additions.compounds],
  rules: [
    ...floor.rules,
    {
      id: 'F2',
      category: 'real-people',
      all: [['nude', 'bare', 'undress', 'explicit', 'suggestive', 'intimate']],
    },
  ],
};

/**
 * For the negative prompt beside a picture, read by itself: whoever lists what somebody wears there
 * asks for its absence.
 */
export const unwantedBesidePicture: PolicyDocument = {
  ...floorBesidePicture,
  version: 'unwanted-beside-picture-4',
  vocabulary: merged(floorBesidePicture.vocabulary, {
    garment: [
      'top tops bottoms socks covered jumper tunic bluse oberteil hose hosen roupa roupas blusa',
      'camisa pantalones kleren kleding ubranie ubrania klader elbise kiyafet',
    ].flatMap((line) => line.split(' ')),
  }),
  unspaced: merged(floorBesidePicture.unspaced, { garment: ['衣'] }),
  rules: [{ id: 'F2', category: 'real-people', all: [['garment', 'clothes', 'unwanted-cover']] }],
};
