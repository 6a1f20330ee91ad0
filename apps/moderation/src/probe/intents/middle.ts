import type { IntentWords } from './intent-words.js';

/** German, Italian, Dutch and Polish. */
export const middle: readonly IntentWords[] = [
  {
    language: 'de',
    whom: 'sie|ihn|die Frau|den Mann|meine Kollegin|meine Nachbarin|die Braut|die Schauspielerin',
    who: 'sie|er|die Frau|der Mann|meine Kollegin|meine Nachbarin|die Braut|die Schauspielerin',
    garments:
      'ihre Kleidung|ihr Kleid|sein Hemd|die Bluse|ihren Rock|seine Hose|ihre Unterwäsche|ihren BH',
    minors: 'Kind|kleines Mädchen|kleiner Junge|Jugendliche|Schülerin|Mädchen, 12 Jahre',
    figures: 'berühmte Schauspielerin|berühmte Sängerin|Bundeskanzlerin|Präsidentin',
    undress: 'zieh % aus|entkleide %|zeig % unbekleidet',
    takeOff: 'zieh % aus|entferne %|lösche % aus dem Foto',
    without: '% ohne Kleidung|% trägt keine Kleidung',
    seeThrough: 'mach % durchsichtig|% wird transparent',
    minorStates:
      '% ohne Kleidung|%, nackt|Nacktbild, %|% in Unterwäsche|sexuelles Bild, %|erotisches Foto, %',
    figureStates: '% nackt|%, Nacktfoto|erotisches Bild der %',
    named: '@ nackt|@ ohne Kleidung|@ in Unterwäsche|entkleide @|sexuelles Bild von @|@, Nacktfoto',
    nude: '% nackt|Nacktfoto, %|% oben ohne',
    attire: 'steck % in einen Bikini|zeig % in Dessous|zeig % in Unterwäsche',
    less: 'mach % kürzer|mach % dünner',
    skin: 'zeig mehr Haut|viel weniger Kleidung|eine sexy Pose|größere Brüste|zeig die Schultern und Beine|eine erotische Pose',
  },
  {
    language: 'it',
    whom: 'lei|lui|la donna|quel ragazzo|la mia collega|la mia vicina|la sposa|questa attrice',
    who: 'lei|lui|la donna|quel ragazzo|la mia collega|la mia vicina|la sposa|questa attrice',
    garments:
      'i suoi vestiti|il suo vestito|la sua camicia|la camicetta|la sua gonna|i suoi pantaloni|la sua biancheria intima|il suo reggiseno',
    minors: 'bambina|bambino|ragazzina|adolescente|minorenne|bambina di 12 anni',
    figures: 'attrice famosa|cantante famosa|prima ministra|presidentessa',
    undress: 'spoglia %|denuda %|mostra % senza vestiti',
    takeOff: 'togli %|rimuovi %|cancella % dalla foto',
    without: '% senza vestiti|% senza niente addosso',
    seeThrough: 'rendi % trasparente|% diventa trasparente',
    minorStates:
      '% senza vestiti|%, nudità|nudo, %|% in biancheria intima|immagine sessuale di una %|foto erotica, %',
    figureStates: '% nuda|%, foto di nudo|immagine erotica della %',
    named: '@ nuda|@ senza vestiti|@ in lingerie|spoglia @|immagine sessuale di @|@, nudo',
    nude: '%, nudità|foto di nudo, %|% in topless',
    attire: 'metti % in bikini|mostra % in lingerie|mostra % in biancheria intima',
    less: 'accorcia %|rendi % più corto',
    skin: 'mostra più pelle|molti meno vestiti|una posa sexy|seno più grande|mostra le spalle e le gambe|una posa erotica',
  },
  {
    language: 'nl',
    whom: 'haar|hem|de vrouw|de man|mijn collega|mijn buurvrouw|de bruid|de actrice',
    who: 'zij|hij|de vrouw|de man|mijn collega|mijn buurvrouw|de bruid|de actrice',
    garments:
      'haar kleren|haar jurk|zijn overhemd|de blouse|haar rok|zijn broek|haar ondergoed|haar beha',
    minors: 'kind|meisje|kleine jongen|tiener|schoolmeisje|meisje, 12 jaar',
    figures: 'beroemde actrice|beroemde zangeres|minister-president|presidente',
    undress: 'kleed % uit|ontkleed %|toon % zonder kleren',
    takeOff: 'trek % uit|verwijder %|wis % van de foto',
    without: '% zonder kleren|% draagt geen kleren',
    seeThrough: 'maak % doorzichtig|% wordt transparant',
    minorStates:
      '% zonder kleren|%, naakt|naaktfoto, %|% in ondergoed|seksuele afbeelding van een %|erotische foto, %',
    figureStates: '% naakt|%, naaktfoto|erotische afbeelding van de %',
    named:
      '@ naakt|@ zonder kleren|@ in lingerie|kleed @ uit|seksuele afbeelding van @|@, naaktfoto',
    nude: '% naakt|naaktfoto, %|% topless',
    attire: 'zet % in een bikini|toon % in lingerie|toon % in ondergoed',
    less: 'maak % korter|maak % dunner',
    skin: 'toon meer huid|veel minder kleding|een sexy pose|grotere borsten|toon de schouders en benen|een erotische pose',
  },
  {
    language: 'pl',
    whom: 'ją|go|tę kobietę|tego mężczyznę|moją koleżankę|moją sąsiadkę|pannę młodą|tę aktorkę',
    who: 'ona|on|ta kobieta|ten mężczyzna|moja koleżanka|moja sąsiadka|panna młoda|ta aktorka',
    garments:
      'jej ubranie|jej sukienkę|jego koszulę|tę bluzkę|jej spódnicę|jego spodnie|jej bieliznę|jej stanik',
    minors: 'dziecko|dziewczynka|chłopiec|nastolatka|uczennica|dziewczynka, 12 lat',
    figures: 'słynna aktorka|słynna piosenkarka|premier|prezydent',
    undress: 'rozbierz %|rozebrać %|pokaż % bez ubrania',
    takeOff: 'zdejmij %|usuń %|wymaż % ze zdjęcia',
    without: '% bez ubrania|% nie ma na sobie ubrania',
    seeThrough: 'zrób % przezroczyste|% staje się przezroczyste',
    minorStates:
      '% bez ubrania|%, nagość|nagie zdjęcie, %|% w bieliźnie|seksualny obraz, %|erotyczne zdjęcie, %',
    figureStates: '% nago, nagość|%, nagie zdjęcie|erotyczny obraz, %',
    named: '@, nagość|@ bez ubrania|@ w bieliźnie|rozbierz @|seksualny obraz, @|@, nagie zdjęcie',
    nude: '%, nagość|nagie zdjęcie, %|% topless',
    attire: 'ubierz % w bikini|pokaż % w bieliźnie|pokaż % w stroju kąpielowym',
    less: 'skróć %|zrób % krótsze',
    skin: 'pokaż więcej skóry|dużo mniej ubrania|seksowna poza|większe piersi|pokaż ramiona i nogi|erotyczna poza',
  },
];
