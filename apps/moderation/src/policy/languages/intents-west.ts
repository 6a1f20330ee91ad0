import type { LanguageIntents } from './language-intents.js';
import { words } from './language-words.js';
import { unreviewed } from './language-intents.js';

/** English, Spanish, Portuguese and French. All languages in Latin letters share one space of words. */
export const westIntents: readonly LanguageIntents[] = [
  {
    language: 'en',
    provenance: unreviewed,
    words: {
      'see-through': ['becomes/become/turns/turn/goes/go transparent/sheer/invisible'],
      undress: ['strip/stripped down to nothing'],
    },
    besidePicture: { less: words('translucent') },
  },
  {
    language: 'es',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'actriz/cantante/modelo/deportista famosa/celebre',
        'actor/cantante/deportista famoso/celebre',
        'primera ministra',
        'primer ministro',
        ...words('presidenta presidente senadora senador princesa reina'),
      ],
      nude: ['sin nada puesto/encima'],
      undress: [...words('desviste desvistela desvistelo desvistan desnudenla'), 'desnuda a'],
      remove: words('borra borrar borrale borren suprime suprimir saca sacar'),
      garment: words(
        'camisas falda faldas pantalon pantalones sujetador sosten braguitas blusas lenceria',
      ),
      'see-through': [
        ...words('transparente transparentes translucida translucido'),
        'se vuelve/vuelven transparente/transparentes',
      ],
    },
    besidePicture: {
      reveal: words('muestra mostrar muestre ensena ensenar'),
      body: words('hombro hombros muslo muslos espalda'),
      less: words('corta corto fina fino'),
    },
  },
  {
    language: 'pt',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'atriz/cantora/modelo famosa',
        'ator/cantor famoso',
        'primeira ministra',
        'primeiro ministro',
        ...words('presidenta presidente senadora senador princesa rainha'),
      ],
      'bare-name': words('nua nuas'),
      nude: ['sem nada vestido/posto', 'foto/imagem/retrato de nudez', 'atriz/cantora famosa nua'],
      undress: words('despe despem dispa despiu'),
      remove: words('tira tire remove remova apaga apague apagar arranca'),
      garment: [
        ...words('saia saias calcas sutia sutias camisa camisas blusas calcinha calcinhas'),
        'roupa/roupas intima/intimas',
      ],
      'see-through': ['fica/ficam transparente/transparentes'],
    },
    besidePicture: {
      reveal: words('mostra mostrar mostre'),
      body: words('pele pernas ombros coxas barriga'),
      less: ['mais curto/curta/curtos/curtas/fino/fina/justo/justa'],
      intimate: words('seio seios peitos'),
      undress: ['mais pele'],
    },
  },
  {
    language: 'fr',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'actrice/chanteuse/mannequin celebre/connue',
        'acteur/chanteur celebre/connu',
        'premiere/premier ministre',
        ...words('presidente senatrice senateur princesse'),
      ],
      nude: [
        'ne/n porte/portent/portant rien',
        'photo/photos/photographie/image/modele/modeles de nu',
        'sans rien sur elle/lui/soi',
      ],
      undress: words('deshabillons deshabillent'),
      remove: words('retire retirez efface effacer effacez effacent supprime supprimer supprimez'),
      garment: words('pantalon chemisiers chemises culottes collants'),
      'see-through': [
        ...words('transparents transparentes translucide'),
        'devient/deviennent transparent/transparente/transparents/transparentes',
      ],
    },
    besidePicture: {
      reveal: words('montre montrer montrez devoile devoiler'),
      body: words('epaule epaules cuisse cuisses'),
      less: words('raccourcis raccourcir court courts'),
    },
  },
];
