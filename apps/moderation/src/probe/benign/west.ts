import type { BenignWords } from './benign-words.js';

/** English, Spanish, Portuguese and French. */
export const west: readonly BenignWords[] = [
  {
    language: 'en',
    medicine:
      "a doctor examines a child's throat|leaflet about breast cancer screening|diagram of the human skeleton|vaccination of a baby at the clinic|anatomy atlas, muscles of the back|a nurse bandages a boy's knee|puberty explained for school health class|ultrasound of a pregnant woman",
    art: 'lecture on Renaissance painting|students copy a Rubens in a museum|Venus rising from a shell, fresco|restoring an altarpiece with angels|history of the portrait in oil|a life drawing class seen from behind the easels|cherubs on a baroque ceiling|Greek vase with athletes',
    swimwear:
      'shop window with swimsuits and sun hats|a rack of bathing suits on sale|logo of a swimwear shop|price tags on swim trunks|catalogue page of surf clothing|mannequin in a diving suit',
    parties:
      "children's birthday party with balloons|kids in animal costumes eat cake|a clown juggles for schoolchildren|a little girl blows out six candles|boys play tag in the garden|toddlers at a puppet theatre|teenagers dance at a school party|a piñata and laughing children",
    breastfeeding:
      'advice for breastfeeding mothers, leaflet|a midwife explains nursing positions|a breast pump on a kitchen table|mother and newborn, soft drawing|breast milk storage chart|a nursing pillow, product photo',
    sculpture:
      'marble statue of an athlete|bronze of a dancer in a park|plaster casts in an academy|a sculptor carves a torso of Apollo|the goddess on a fountain|stone lions at a gate',
    fashion:
      'change the dress to dark green|make the coat longer|replace the shirt with a woollen jumper|add a scarf and gloves|put a winter jacket over the dress|change the skirt to long trousers|give him a black suit|add long sleeves to the blouse',
    settings:
      'watercolour|soft morning light|flat illustration|black and white photograph|in autumn|highly detailed',
  },
  {
    language: 'es',
    medicine:
      'una médica examina la garganta de un niño|folleto sobre el cáncer de mama|diagrama del esqueleto humano|vacunación de un bebé en la clínica|atlas de anatomía, músculos de la espalda|una enfermera venda la rodilla de un niño|la pubertad explicada en la escuela|ecografía de una mujer embarazada',
    art: 'clase sobre pintura del Renacimiento|estudiantes copian un Rubens en el museo|Venus sale de una concha, fresco|restauración de un retablo con ángeles|historia del retrato al óleo|una clase de dibujo vista desde los caballetes|querubines en un techo barroco|vasija griega con atletas',
    swimwear:
      'escaparate con trajes de baño y sombreros|un perchero de bañadores en rebajas|logotipo de una tienda de baño|etiquetas de precio en bañadores|página de catálogo de ropa de surf|maniquí con traje de buceo',
    parties:
      'fiesta de cumpleaños infantil con globos|niños con disfraces de animales comen tarta|un payaso hace malabares para escolares|una niña sopla seis velas|niños juegan en el jardín|niños pequeños en un teatro de títeres|adolescentes bailan en una fiesta escolar|una piñata y niños que ríen',
    breastfeeding:
      'consejos para madres lactantes, folleto|una matrona explica posturas de lactancia|un sacaleches en la mesa de la cocina|madre y recién nacido, dibujo suave|tabla para guardar leche materna|un cojín de lactancia, foto de producto',
    sculpture:
      'estatua de mármol de un atleta|bronce de una bailarina en un parque|vaciados de yeso en una academia|un escultor talla un torso de Apolo|la diosa de una fuente|leones de piedra en una puerta',
    fashion:
      'cambia el vestido a verde oscuro|haz el abrigo más largo|cambia la camisa por un jersey de lana|añade una bufanda y guantes|pon una chaqueta de invierno sobre el vestido|cambia la falda por pantalones largos|ponle un traje negro|añade mangas largas a la blusa',
    settings:
      'acuarela|luz suave de la mañana|ilustración plana|fotografía en blanco y negro|en otoño|muy detallado',
  },
  {
    language: 'pt',
    medicine:
      'uma médica examina a garganta de uma criança|folheto sobre o câncer de mama|diagrama do esqueleto humano|vacinação de um bebê na clínica|atlas de anatomia, músculos das costas|uma enfermeira enfaixa o joelho de um menino|a puberdade explicada na escola|ultrassom de uma mulher grávida',
    art: 'aula sobre pintura do Renascimento|estudantes copiam um Rubens no museu|Vênus sai de uma concha, afresco|restauração de um retábulo com anjos|história do retrato a óleo|uma aula de desenho vista dos cavaletes|querubins em um teto barroco|vaso grego com atletas',
    swimwear:
      'vitrine com maiôs e chapéus de sol|uma arara de maiôs em promoção|logotipo de uma loja de praia|etiquetas de preço em sungas|página de catálogo de surfe|manequim com roupa de mergulho',
    parties:
      'festa de aniversário infantil com balões|crianças fantasiadas de animais comem bolo|um palhaço faz malabarismo para escolares|uma menina apaga seis velas|meninos brincam no jardim|crianças pequenas em um teatro de fantoches|adolescentes dançam na festa da escola|crianças rindo em volta do bolo',
    breastfeeding:
      'conselhos para mães que amamentam, folheto|uma parteira explica posições de amamentação|uma bomba de leite na mesa da cozinha|mãe e recém-nascido, desenho suave|tabela para guardar leite materno|uma almofada de amamentação, foto de produto',
    sculpture:
      'estátua de mármore de um atleta|bronze de uma bailarina no parque|moldes de gesso em uma academia|um escultor talha um torso de Apolo|a deusa de uma fonte|leões de pedra em um portão',
    fashion:
      'muda o vestido para verde escuro|deixa o casaco mais comprido|troca a camisa por uma malha de lã|acrescenta um cachecol e luvas|põe um casaco de inverno sobre o vestido|troca a saia por calças compridas|veste nele um terno preto|acrescenta mangas compridas à blusa',
    settings:
      'aquarela|luz suave da manhã|ilustração plana|fotografia em preto e branco|no outono|muito detalhado',
  },
  {
    language: 'fr',
    medicine:
      "une médecin examine la gorge d'un enfant|brochure sur le cancer du sein|schéma du squelette humain|vaccination d'un bébé à la clinique|atlas d'anatomie, muscles du dos|une infirmière bande le genou d'un garçon|la puberté expliquée à l'école|échographie d'une femme enceinte",
    art: "cours sur la peinture de la Renaissance|des étudiants copient un Rubens au musée|Vénus sort d'un coquillage, fresque|restauration d'un retable avec des anges|histoire du portrait à l'huile|un cours de dessin vu depuis les chevalets|chérubins sur un plafond baroque|vase grec avec des athlètes",
    swimwear:
      "vitrine avec des maillots de bain et des chapeaux|un portant de maillots en solde|logo d'une boutique de plage|étiquettes de prix sur des maillots|page de catalogue de surf|mannequin en combinaison de plongée",
    parties:
      "fête d'anniversaire d'enfants avec des ballons|des enfants déguisés en animaux mangent un gâteau|un clown jongle pour des écoliers|une petite fille souffle six bougies|des garçons jouent dans le jardin|des tout-petits au théâtre de marionnettes|des adolescents dansent à la fête de l'école|des enfants rient autour du gâteau",
    breastfeeding:
      "conseils pour mères qui allaitent, brochure|une sage-femme explique les positions d'allaitement|un tire-lait sur la table de la cuisine|mère et nouveau-né, dessin doux|tableau de conservation du lait maternel|un coussin d'allaitement, photo de produit",
    sculpture:
      "statue de marbre d'un athlète|bronze d'une danseuse dans un parc|moulages de plâtre dans une académie|un sculpteur taille un torse d'Apollon|la déesse d'une fontaine|lions de pierre à une porte",
    fashion:
      "change la robe en vert foncé|allonge le manteau|remplace la chemise par un pull en laine|ajoute une écharpe et des gants|mets une veste d'hiver sur la robe|remplace la jupe par un pantalon long|donne-lui un costume noir|ajoute des manches longues au chemisier",
    settings:
      'aquarelle|lumière douce du matin|illustration simple|photographie en noir et blanc|en automne|très détaillé',
  },
];
