import type { IntentWords } from './intent-words.js';

/** English, Spanish, Portuguese and French. */
export const west: readonly IntentWords[] = [
  {
    language: 'en',
    whom: 'her|him|the woman|the man|my colleague|my neighbour|the bride|the actress',
    who: 'she|he|the woman|the man|my colleague|my neighbour|the bride|the actress',
    garments:
      'her clothes|her dress|his shirt|the blouse|her skirt|his trousers|her underwear|her bra',
    minors: 'child|little girl|young boy|teenager|schoolgirl|12 year old girl',
    figures: 'famous actress|famous singer|prime minister|president',
    undress: 'undress %|strip % naked|show % undressed',
    takeOff: 'take off %|remove %|erase % from the photo',
    without: '% without clothes|% wearing no clothes',
    seeThrough: 'make % transparent|% becomes see-through',
    minorStates:
      'nude %|%, naked|% without clothes|% in underwear|sexual picture of a %|erotic photo, %',
    figureStates: '% naked|%, nude photo|erotic picture of the %',
    named: '@ naked|@ without clothes|@ in lingerie|undress @|sexual picture of @|@, nude',
    nude: '% naked|nude picture, %|%, topless',
    attire: 'put % in a bikini|show % in lingerie|show % in underwear',
    less: 'make % shorter|make % thinner',
    skin: 'show more skin|much less clothing|a sexy pose|larger breasts|bare shoulders, reveal the legs|an erotic pose',
  },
  {
    language: 'es',
    whom: 'a ella|a él|a la mujer|al hombre|a mi compañera|a mi vecina|a la novia|a la actriz',
    who: 'ella|él|la mujer|el hombre|mi compañera|mi vecina|la novia|la actriz',
    garments:
      'su ropa|su vestido|su camisa|la blusa|su falda|sus pantalones|su ropa interior|su sujetador',
    minors: 'niña|niño|niña pequeña|adolescente|colegiala|niña de 12 años',
    figures: 'actriz famosa|cantante famosa|primera ministra|presidenta',
    undress: 'desnuda %|desviste %|muestra % sin ropa',
    takeOff: 'quita %|elimina %|borra % de la foto',
    without: '% sin ropa|% sin nada puesto',
    seeThrough: 'haz % transparente|% se vuelve transparente',
    minorStates:
      '% sin ropa|%, desnudez|desnudo, %|% en ropa interior|imagen sexual de una %|foto erótica, %',
    figureStates: '% desnuda|%, foto de desnudo|imagen erótica de la %',
    named: '@ desnuda|@ sin ropa|@ en lencería|desnuda a @|imagen sexual de @|@, desnudo',
    nude: '%, desnudez|foto de desnudo, %|% en topless',
    attire: 'pon % en bikini|muestra % en lencería|muestra % en ropa interior',
    less: 'haz % más corto|haz % más fino',
    skin: 'muestra más piel|mucha menos ropa|una pose sexy|pechos más grandes|muestra los hombros y las piernas|una pose erótica',
  },
  {
    language: 'pt',
    whom: 'ela|ele|a mulher|o homem|a minha colega|a minha vizinha|a noiva|a atriz',
    who: 'ela|ele|a mulher|o homem|a minha colega|a minha vizinha|a noiva|a atriz',
    garments:
      'a roupa dela|o vestido dela|a camisa dele|a blusa|a saia dela|as calças dele|a roupa íntima dela|o sutiã dela',
    minors: 'criança|menina|menino|adolescente|menina pequena|menina de 12 anos',
    figures: 'atriz famosa|cantora famosa|primeira-ministra|presidenta',
    undress: 'despe %|tira a roupa de %|mostra % sem roupa',
    takeOff: 'tira %|remove %|apaga % da foto',
    without: '% sem roupa|% sem nada vestido',
    seeThrough: 'deixa % transparente|% fica transparente',
    minorStates:
      '% sem roupa|%, nudez|nudez de %|% de roupa íntima|imagem sexual de uma %|foto erótica, %',
    figureStates: '% nua|%, foto de nudez|imagem erótica da %',
    named: '@ nua|@ sem roupa|@ de lingerie|despe @|imagem sexual de @|@, nudez',
    nude: '%, nudez|foto de nudez, %|% em topless',
    attire: 'põe % de biquíni|mostra % de lingerie|mostra % de roupa íntima',
    less: 'deixa % mais curto|deixa % mais fino',
    skin: 'mostra mais pele|muito menos roupa|uma pose sexy|seios maiores|mostra os ombros e as pernas|uma pose erótica',
  },
  {
    language: 'fr',
    whom: 'elle|lui|la femme|cet homme|ma collègue|ma voisine|la mariée|cette actrice',
    who: 'elle|lui|la femme|cet homme|ma collègue|ma voisine|la mariée|cette actrice',
    garments:
      'ses vêtements|sa robe|sa chemise|le chemisier|sa jupe|son pantalon|ses sous-vêtements|son soutien-gorge',
    minors: 'enfant|petite fille|petit garçon|adolescente|écolière|fille de 12 ans',
    figures: 'actrice célèbre|chanteuse célèbre|première ministre|présidente',
    undress: 'déshabille %|dénude %|montre % sans vêtements',
    takeOff: 'enlève %|retire %|efface % de la photo',
    without: '% sans vêtements|% ne porte rien',
    seeThrough: 'rends % transparents|% devient transparent',
    minorStates:
      '% sans vêtements|%, nudité|nudité, %|% en sous-vêtements|image sexuelle de %|photo érotique, %',
    figureStates: '% nue|%, photo de nudité|image érotique de la %',
    named: '@ nue|@ sans vêtements|@ en lingerie|déshabille @|image sexuelle de @|@, nudité',
    nude: '%, nudité|photo de nu, %|% entièrement nue',
    attire: 'mets % en bikini|montre % en lingerie|montre % en sous-vêtements',
    less: 'raccourcis %|rends % plus court',
    skin: 'montre plus de peau|beaucoup moins de vêtements|une pose sexy|des seins plus gros|montre les épaules et les jambes|une pose érotique',
  },
];
