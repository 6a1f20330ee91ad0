import type { PolicyDocument } from './policy.js';

/**
 * Words of the floor, clinical and as few as will do: English first, then German, French, Spanish,
 * Italian and Russian. Accents are left out, as the normaliser leaves them out.
 */
export const floorVocabulary: PolicyDocument['vocabulary'] = {
  minor: [
    'child children childlike childs kid kids kiddie toddler* infant* underage preteen* teen teens',
    'teenage* teenager* adolescent* minor minors juvenile* schoolgirl* schoolboy* schoolchild',
    'schoolchildren loli lolis lolita lolitas lolicon shota shotacon jailbait kindergartner*',
    'tween tweens grader youngster* minderjahrig minderjahrige madchen schulmadchen enfant enfants',
    'fillette fillettes mineure mineur colegiala colegialas nino ninos ninas bambina bambino bambini',
    'minorenne ребенок ребенка ребенку дети детеи девочка девочку девочки девочке мальчик мальчика',
    'школьница школьницу несовершеннолетняя несовершеннолетнии несовершеннолетние',
  ]
    .flatMap(words)
    .concat([
      'little/young/small/tiny/school/preschool girl/girls/boy/boys',
      'barely legal',
      'under/below 18/eighteen',
      'middle/high/elementary/primary school/schooler/schoolers',
      'petite fille',
      'menor/menores de edad',
      'kleines/kleine/kleinen kind/kinder/madchen',
      'маленькая/маленькую девочка/девочку',
    ]),
  person: [
    'woman women man men girl girls boy boys lady ladies person people actress actresses actor',
    'actors model models portrait she her he him his they them wife husband girlfriend boyfriend',
    'male female selfie bride dancer dancers body friend classmate coworker colleague teacher nurse',
    'student sister brother mother father mom dad daughter son aunt uncle neighbour neighbor figure',
    'frau mann madchen femme fille homme mujer chica hombre donna uomo ragazza женщина девушка',
  ].flatMap(words),
  'public-figure': [
    'celebrity',
    'celebrities',
    'famous/well-known actress/actor/singer/politician/athlete',
    'pop/movie/film star/stars',
    'prime minister',
    'president',
    'senator',
    'princess',
    'royal family',
  ],
  nude: [
    'nude nudes nudity nudist nudists naked nakedness unclothed unclad topless nood noods nvde nakd neked',
    'nackt nackte nackter nacktes nackten nacktem splitternackt nacktfoto nue nues denudee',
    'desnuda desnudo desnudas desnudos desnudez nuda nudi ignuda голая голыи голые голую голои',
    'обнаженная обнаженныи обнаженную обнаженнои обнаженные',
  ]
    .flatMap(words)
    .concat([
      'birthday suit',
      'in the buff',
      'wearing/wears/wear nothing',
      'with nothing on',
      'without anything on',
      'without a stitch',
      'au naturel',
      'clothes/clothing free',
      'not/isnt/arent wearing anything',
      'bare breasts/breasted/bottom/bottomed/butt/buttocks/behind/backside/genitals',
      'tout/toute/femme/homme/fille nu',
      'a poil',
      'без одежды',
    ]),
  undress: [
    'undress* undressed nudify nudifies nudified nudifying nudifier nudification unclothe* declothe*',
    'disrobe* deepnude* deepnudes ausziehen ausgezogen entkleide entkleiden entkleidet deshabille',
    'deshabiller deshabillez deshabillee deshabillees devetir devetue devetu denuder desnudar desnudala',
    'desnudarla desnudalo desvestir desvistela spogliare spogliala spogliata раздеть раздень разденьте',
    'раздевать раздевает раздевается раздетая раздетыи',
  ]
    .flatMap(words)
    .concat([
      'strip/strips/stripped/stripping naked/nude/her/him/them/bare',
      'zieh/ziehe sie/ihn/die/den aus',
      'lift/lifts/lifting/lifted her shirt/top/skirt',
      'lift/lifts/lifting/lifted up her shirt/top/skirt',
      'clothes/clothing/garments dissolve/dissolves/dissolving/melting/fading/gone/missing',
      'clothes/clothing are/is/were gone/missing',
      'sin ropa/vestido',
    ]),
  explicit: [
    'sex sexual sexually porn porno pornos pornographic pornography pornstar pornstars hentai nsfw',
    'intercourse orgasm* masturbate* masturbation erotic erotica erotically genital genitals genitalia',
    'penis penises vagina vaginas vulva nipple* areola areolas blowjob* fellatio cunnilingus orgy',
    'orgies bdsm striptease* upskirt rape rapes raped raping molest* sexualise* sexualize*',
    'erotisch erotische erotischer erotisches geschlechtsverkehr sexe sexuel sexuelle erotique',
    'sexo erotico erotica sesso секс порно порнография эротика эротическая эротическии эротическое',
  ]
    .flatMap(words)
    .concat([
      'fuck/fucks/fucking/fucked her/him/them/each/a/the/me/you',
      'adult film/movie/video',
      'hardcore scene',
    ]),
  suggestive: [
    'sexy seductive seductively sensual sensually lingerie underwear undies panties bikini bikinis',
    'cleavage lewd braless twerk* fetish aufreizend',
    'verfuhrerisch unterwasche sensuelle aguicheuse сексуальная сексуальную сексуально белье',
  ]
    .flatMap(words)
    .concat(['see through', 'spread/open legs', 'legs spread/open']),
  remove: [
    'remove* removal erase* delete* entferne entfernen zieh ziehe rimuovi rimuovere enleve enlever enlevez retirer',
    'retirez ote oter otez quita quitar quitale quitarle quitenle elimina eliminar togli togliere togliti',
    'убери убрать сними снять снимает удали удалить',
  ]
    .flatMap(words)
    .concat([
      'take/takes/taking/took/taken off',
      'take/taking away her/his/their',
      'strip/strips/stripped/stripping off',
      'shed/sheds/shedding her/his/their',
      'retire ses/sa/son',
      'peel/peels/peeling/peeled off/away',
      'pull/pulls/pulling/pulled off/down/aside',
      'rip/rips/ripping/ripped off/away',
      'tear/tears/tearing/tore off/away',
      'cut/cuts/cutting away',
      'wipe/edit/photoshop/burn away/out/off',
      'get/gets/getting/got rid of',
      'get/gets/getting/got her/him/them out of',
    ]),
  without: words('without no minus sans ohne senza без'),
  garment: [
    'dress dresses shirt shirts tshirt tshirts blouse blouses bra bras panties underwear undies',
    'lingerie bikini bikinis swimsuit swimsuits swimwear skirt skirts pants trousers jeans shorts',
    'leggings outfit outfits leotard kleid hemd hose unterwasche chemise culotte',
    'vestido camisa bragas sujetador falda vestito camicia платье белье рубашку юбку',
  ]
    .flatMap(words)
    .concat(['her/his/their top', 'soutien gorge']),
  clothes: [
    'clothes clothing clothed cloths garment garments attire apparel kleidung kleider kleidern',
    'klamotten vetements vetement ropa ropas vestiti одежда одежду одежды одежде',
  ]
    .flatMap(words)
    .concat([
      'what/everything/all she/he is/was wearing',
      'what/everything/all they are/were wearing',
    ]),
  off: ['off', 'fall/falls/falling away', 'slip/slips/slipping away'],
  gone: words('removed erased deleted vanish* disappear*'),
  'see-through': words('transparent invisible seethrough xray').concat(['see through', 'x ray']),
  beneath: ['under/beneath/underneath her/his/their/my/your/the'],
  reveal: [...words('reveal* show* expose* bare bared baring uncover* flash flashes flashing')],
  intimate: words('breast breasts boob boobs buttocks butt crotch nipples genitals groin privates'),
  'unwanted-cover': [
    ...words('clothes clothing clothed dressed garment garments attire apparel outfit underwear'),
    ...words('bra panties lingerie bikini swimsuit swimwear dress shirt kleidung vetements ropa'),
    ...words('одежда'),
  ],
};

/** Chinese and Japanese (and their traditional forms), found inside unspaced text. */
export const floorUnspaced: PolicyDocument['unspaced'] = {
  minor: words(
    '儿童 兒童 小孩 孩子 未成年 幼女 小女孩 萝莉 蘿莉 子供 子ども 少女 ロリ 小学生 中学生 女子高生',
  ),
  nude: words(
    '裸体 裸體 裸照 裸女 全裸 裸露 半裸 光着身子 一丝不挂 没穿衣 不穿衣 裸の ヌード 服を着ていな 何も着ていな',
  ),
  undress: words('脱衣 脫衣 脱光 脫光 脱掉 脫掉 脱がす 脱がせ 脱がし 服を脱 服を消 服を取'),
  explicit: words('色情 做爱 做愛 性爱 性愛 性交 セックス ポルノ エロい エロ画像'),
  remove: words('去掉 去除 移除 脱下 脫下 脱去 脫去 除去'),
  clothes: words('衣服 衣物 衣裳 服装 服裝'),
  suggestive: words('性感 セクシー 下着 内衣 內衣'),
};

function words(list: string): string[] {
  return list.split(' ');
}
