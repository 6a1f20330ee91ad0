import type { LanguageWords } from './language-words.js';
import { words } from './language-words.js';

/**
 * Polish, Turkish, Indonesian, Vietnamese, core words of Czech, Slovak, Croatian, Hungarian, Finnish,
 * Filipino and Swahili, and what other scripts look like when they are spelled in Latin letters.
 */
export const otherLatin: LanguageWords = {
  minor: [
    ...words('dziecko dziecka dzieci dzieckiem dzieciec~ dziewczynk~ chlopczyk~ chlopiec chlopca'),
    ...words('chlopcy nieletni~ nastolat~ maloletni~ niepelnoletni~ uczennic~'),
    ...words('cocuk~ cocug~ ergen ergenler liseli liseliler'),
    'kucuk kiz/kizi/kizlar/oglan/erkek',
    'resit olmayan',
    ...words('anak anaknya bocah balita remaja'),
    'gadis/perempuan/laki kecil',
    'bawah umur',
    'kanak kanak',
    'tre em/nho/con/gai/trai',
    'be gai/trai',
    'em be',
    'thieu nhi/nu/nien',
    'hoc sinh',
    'vi thanh nien',
    'co/cau be',
    'dua tre',
    'con nit',
    ...words(
      'deti decko dievca dievcatko dievcatka holcick~ chlapec chlapci nezletil~ dijete djeca',
    ),
    ...words('djevojcic~ devojcic~ djecak~ decak~ maloljetn~ maloletn~'),
    'nahe/nahy dite',
    'dite bez',
    ...words('gyerek~ gyermek~ kislany~ kisfiu~ kiskoru~ lapsi lapset lapsen lapsia alaikai~'),
    ...words('bata batang dalagita binatilyo mtoto watoto'),
    ...words('baccha bacche bacchi bachcha bachche kodomo shojo shoujo joshikosei ertong xiaohai'),
    ...words('rebenok devochka devochki malchik malchiki eorini aeorini sonyeo tifl atfal'),
  ],
  nude: [
    ...words('nagie nagiej nagich nagim nagosc nagosci rozebran~ obnazon~ polnag~'),
    ...words('ciplak~ cirilciplak~ giysisiz~ kiyafetsiz~ elbisesiz~ uryan'),
    ...words('telanjang~ bugil~'),
    'naga/nagi dziewczynka/dziewczynki/dziewczyna/chlopiec/dziecko/nastolatka/kobieta',
    'dziewczynka/dziewczyna/chlopiec/dziecko/nastolatka/kobieta naga/nagi/nagie',
    'khoa than',
    'loa the',
    'tran truong',
    'coi/o truong',
    'khong mac quan/ao/gi/do',
    'khong quan ao',
    ...words(
      'nahota obnazen~ golotinj~ meztelen~ mezitelen~ alaston alastonta alastoman alastomat alastomia alasti hubad',
    ),
    ...words('hubot chiluo quanluo luozhao'),
  ],
  bare: [
    ...words(
      'nago gola gole golo goli goly golego golym golych naha nahy nahe nahou nahych hubo uchi',
    ),
    ...words('hadaka ratai zenra luoti nanga nangi nange nagn golaya golyi golye golie nagaya'),
    ...words('obnazhen~ obnajen~ razdet~ nache'),
    'cocuk/kucuk penis',
  ],
  undress: [
    ...words('rozbier~ rozbierz~ rozebrac soyun~ soyundur~ menelanjang~ ditelanjang~ vetkoz~'),
    ...words('levetkoz~ svlec~ svlek~ vysvlec~ vysvlek~ riisu riisuu riisua'),
    'buka/lepas/membuka/melepas/copot baju/bajunya/pakaian/pakaiannya/busana',
    'coi/lot quan ao',
    'coi ao/vay/het',
    'coi do',
    'thoat y',
    'bez ubran/ubrania/odziezy/ciuchow/obleceni/oblecenia/odjece',
  ],
  explicit: [
    ...words('seksual~ erotycz~ erotick~ erotik~ cinsel~ mesum cabul szex szexu~'),
    'hubungan intim',
    'tinh duc',
    'khieu dam',
    'lam tinh',
    'giao cau',
    'stosunek plciowy',
  ],
  suggestive: [
    ...words('seksi seksowny seksown~ bielizna bieliznie sexi'),
    'ic camasiri/camasirli/camasirlari/giyim',
    'pakaian/celana dalam',
    'goi cam/duc/tinh',
    'khieu goi',
    'kich duc',
    'do/quan lot',
    'noi y',
  ],
  remove: [
    ...words(
      'zdejmij zdejmuje zdjac zdjal sciagnij usun usunac sundaj cikar cikart cikaran cikariyor',
    ),
    ...words(
      'cikarin cikarma lepas lepaskan melepas melepaskan menanggalkan tanggalkan copot hapus',
    ),
    ...words('xoa svuci skini skinuti tanggalin'),
  ],
  without: words('bez tanpa khong'),
  clothes: [
    ...words('ubranie ubrania ubran ubrankach odziez odziezy kiyafet~ giysi~ elbise~ pakaian~'),
    ...words('busana baju bajunya oblecen~ odjec~ ruhat ruha vaatteet vaatteita damit nguo'),
    'quan ao',
  ],
};

export const otherLatinHarmless: readonly string[] = [
  'golym okiem',
  'nagie/gole/nagich/golych drzewa/drzew/galezie/galezi/skaly/skal/pola/sciany',
  'ciplak ayak/ayakla/ayakli/ayaklar/goz/gozle/agac/agaclar/dal/dallar/dallari',
  'kaki/mata telanjang',
  'telanjang/bertelanjang kaki',
  'khoa than kinh/nhan/nieu/noi/benh/tiet/trong/va',
  'cinsel saglik/egitim',
  'edukasi/pendidikan/kesehatan seksual',
  'edukacja/zdrowie seksualna/seksualne',
  'nanga parbat',
  'nange/nangi pair/paon/ankh',
  'bosa/gole stopy/nogi',
  ...words('meztelencsiga meztelencsigak'),
];
