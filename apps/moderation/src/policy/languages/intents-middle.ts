import type { LanguageIntents } from './language-intents.js';
import { words } from './language-words.js';
import { unreviewed } from './language-intents.js';

const germans = 'frau/dame/kollegin/nachbarin/braut/schauspielerin/freundin/mann/kollegen/nachbarn';
const dutch = 'vrouw/dame/collega/buurvrouw/bruid/actrice/vriendin/man/buurman';

/** German, Italian, Dutch and Polish. All languages in Latin letters share one space of words. */
export const middleIntents: readonly LanguageIntents[] = [
  {
    language: 'de',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'beruhmte/bekannte/beruhmter/bekannter schauspielerin/sangerin/schauspieler/sanger',
        ...words('bundeskanzlerin bundeskanzler kanzlerin prasidentin ministerin konigin'),
      ],
      nude: ['oben ohne', 'tragt/tragen nichts'],
      undress: [`zieh/ziehe/zieht die/den/der/diese/diesen/meine/meinen/deine ${germans} aus`],
      remove: words('losche loschen loscht'),
      without: words('keine keinerlei kein'),
      garment: [
        ...words('bluse blusen hosen unterhose unterhosen'),
        'ihr/ihren/ihrem/den/dem/einen rock/minirock/bh',
      ],
      'see-through': [
        ...words('durchsichtig durchsichtige durchsichtiges durchsichtigen'),
        'wird/werden transparent/durchsichtig',
      ],
    },
    besidePicture: {
      reveal: words('zeig zeige zeigt zeigen'),
      body: words('schulter schultern oberschenkel rucken'),
    },
  },
  {
    language: 'it',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'attrice/cantante/modella famosa/celebre',
        'attore/cantante famoso/celebre',
        'prima/primo ministra/ministro',
        ...words('presidentessa senatrice senatore principessa'),
      ],
      'bare-name': words('spoglia'),
      nude: ['senza niente/nulla addosso', 'foto/immagine/modella di nudo'],
      undress: [
        'spoglia lei/lui/la/il/quel/quella/questa/questo',
        ...words('denuda denudare denudala denudalo spoglialo svestila svestilo svesti'),
      ],
      remove: words('cancella cancellare leva levale toglietele'),
      garment: [
        ...words('camicetta camicette pantaloni reggiseno maglietta minigonna vestitino camicie'),
        'la/sua/una/della gonna',
        'biancheria intima',
        ...words('vestito camicia mutandine'),
      ],
      'see-through': [
        ...words('trasparente trasparenti'),
        'diventa/diventano trasparente/trasparenti',
      ],
    },
    besidePicture: {
      reveal: words('mostra mostrare mostri scopri scoprire'),
      body: words('spalle cosce pancia'),
      less: [
        ...words('accorcia accorciare accorci'),
        'piu corto/corta/corti/corte/sottile/stretto/stretta',
        'molti/molto meno',
        'accorcia/accorci/accorciare il/la/i/le suo/sua/suoi/sue/mio/mia',
      ],
      clothes: ['i suoi/miei vestiti'],
      undress: ['piu pelle'],
      intimate: words('seno seni petto'),
    },
  },
  {
    language: 'nl',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'beroemde/bekende actrice/zangeres/acteur/zanger',
        'minister president',
        ...words('presidente koningin prinses'),
      ],
      'bare-name': words('kleed kleedt'),
      undress: [...words('ontkleed ontkleedt'), `kleed/kleedt de/mijn/deze/die/jouw ${dutch} uit`],
      remove: words('wis wissen wist trek trekt'),
      without: words('geen'),
      garment: [
        ...words('overhemd overhemden broek broeken beha onderbroek slipje ondergoed'),
        'haar/de/een/die rok/rokje/minirok',
      ],
      'see-through': [
        ...words('doorzichtig doorzichtige doorschijnend'),
        'wordt/worden transparant/doorzichtig',
        ...words('transparant transparante'),
      ],
    },
    besidePicture: {
      reveal: words('toon toont tonen'),
      body: words('huid benen schouders dijen buik'),
      less: words('korter korte kleiner strakker minder'),
      intimate: words('borst borsten'),
      undress: ['meer huid'],
      clothes: words('kledij'),
    },
  },
  {
    language: 'pl',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'slynna/znana aktorka/piosenkarka',
        'slynny/znany aktor/piosenkarz',
        ...words('premier prezydent minister krolowa ksiezniczka'),
      ],
      nude: [
        'nie ma/maja na sobie ubrania/nic/niczego',
        'nagie/nagi/naga/nago zdjecie/obraz/fotografia',
        'topless',
      ],
      remove: words('wymaz wymazac skasuj skasowac zdejm sciagnac'),
      garment: words(
        'sukienk~ koszul~ bluzk~ bluzke spodnic~ spodnie spodni stanik~ bielizne majtki',
      ),
      'see-through': [
        ...words('przezroczyst~ przeswituj~'),
        'staje/staja sie przezroczyste/przezroczysta/przezroczysty',
      ],
    },
    besidePicture: {
      reveal: words('pokaz pokazac pokazuje odslon odslonic'),
      body: words('skora skory skore nogi nog ramiona uda brzuch plecy'),
      less: words('skroc skrocic krotsz~ ciensz~ mniej obcis~'),
      intimate: words('piers piersi'),
      suggestive: ['stroj/stroju/kostium/kostiumie kapielowy/kapielowym'],
      undress: ['wiecej skory'],
    },
  },
];
