import type { LanguageIntents } from './language-intents.js';
import { attached, words } from './language-words.js';
import { unreviewed } from './language-intents.js';

const arabic = (list: string): string[] => attached(words('ال و ب ل ك ف وال بال لل'), words(list));
const turks = 'onu/kadini/adami/gelini/oyuncuyu/komsumu/arkadasimi/kizi/adami/sevgilimi/modeli';

/** Russian, Chinese, Japanese, Arabic and Turkish. */
export const eastIntents: readonly LanguageIntents[] = [
  {
    language: 'ru',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'знаменитая/известная актриса/певица',
        'знаменитый/известный актёр/певец',
        'премьер министр/министра',
        ...words('президент президента президентша королева принцесса'),
      ],
      nude: ['одежды нет', 'нет/никакой одежды', ...words('топлес топлесс'), 'в чём мать родила'],
      remove: words('сотри стереть стирает удаляет убирает уберите сотрите скинь'),
      garment: words('рубашк~ блузк~ юбк~ брюк~ штан~ лифчик~ плать~ футболк~ бельё'),
      'see-through': [
        ...words('прозрачн~ полупрозрачн~ просвечив~'),
        'становится/становятся прозрачной/прозрачным/прозрачными/прозрачной',
      ],
    },
    besidePicture: {
      reveal: words('покажи показать покажите открой'),
      body: words('кожа кожи кожу ноги ног плечи плеч бедра живот'),
      less: words('укороти укоротить короче меньше тоньше теснее прозрачнее'),
      intimate: words('груди'),
      undress: ['больше кожи'],
    },
  },
  {
    language: 'zh',
    provenance: unreviewed,
    words: {},
    unspaced: {
      'public-figure': words('著名女演员 著名演员 著名歌手 女明星 总理 总统 總理 總統 首相 公主'),
      gone: words('删除 刪除 抹掉 抹去 擦掉 消失'),
      remove: words('去掉 删掉 刪掉 拿掉'),
      garment: words(
        '裙子 连衣裙 連衣裙 衬衫 襯衫 上衣 裤子 褲子 内裤 內褲 内衣 內衣 胸罩 短裙 外衣',
      ),
      'see-through': words('变透明 變透明 变成透视 變成透視 透视装 透視裝 变得透明 變得透明'),
    },
    besidePicture: {},
    unspacedBesidePicture: {
      less: words('改短 变短 更短 短一点 变薄 更薄 少一些 更少 改小 變短 變薄'),
      intimate: words('胸部 乳房 臀部'),
      body: words('皮肤 皮膚 大腿 肩膀'),
      reveal: words('露出 展示 显示'),
    },
  },
  {
    language: 'ja',
    provenance: unreviewed,
    words: {},
    unspaced: {
      'public-figure': words('有名な女優 有名な俳優 有名な歌手 総理大臣 首相 大統領 王女'),
      nude: words('トップレス'),
      explicit: words('性的な画像 性的な写真 性的な絵 性的画像 性的な映像 性的なイラスト'),
      gone: words('取り除 を消し を消す 取り去 外して はずして 取って'),
      garment: words(
        'ドレス シャツ ブラウス スカート ズボン 下着 ブラジャー ワンピース 上着 パンティ',
      ),
      clothes: words('の服 服が 服を'),
      'see-through': words('透明に が透け は透け 透けて 透ける シースルー'),
    },
    besidePicture: {},
    unspacedBesidePicture: {
      less: words('短く 薄く 小さく 少なく'),
      reveal: words('見せて 見せる 露わ あらわ'),
      body: words('肌 脚を 太もも 肩を'),
      intimate: words('胸を 胸が 乳房 お尻'),
    },
  },
  {
    language: 'ar',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'ممثلة/مغنية/الممثلة/المغنية مشهورة/المشهورة',
        'ممثل/مغني مشهور/معروف',
        'رئيس/رئيسة الوزراء/الجمهورية',
        ...arabic('أميرة'),
      ],
      remove: arabic('احذف~ يحذف امح~ امسح~ اشطب'),
      garment: [
        ...arabic('بلوز~ تنور~ بنطال~ بنطلون~ فستان~ قميص~'),
        'حمالة/حمالات صدر/صدرها/الصدر',
      ],
      'see-through': [...arabic('شفاف~'), 'تصبح/يصبح/تصير شفافة/شفاف/شفافا'],
    },
    besidePicture: {},
  },
  {
    language: 'tr',
    provenance: unreviewed,
    words: {
      'public-figure': [
        'unlu oyuncu/sarkici/aktris/manken',
        ...words('basbakan cumhurbaskani prenses kralice'),
      ],
      nude: words('ustsuz ustsuzluk'),
      undress: [`${turks} soy`],
      gone: words('cikar~ kaldir~ sil siliniz silin yok'),
      garment: [
        ...words('gomleg~ gomlek~ bluzu~ bluzunu eteg~ etek~ pantolon~ sutyen~ elbise~ kulot~'),
        'ic camasirini/camasiri/camasirlarini/camasirini/camasirindan',
      ],
      'see-through': words('seffaf seffaflas~ transparan'),
      suggestive: ['ic camasiriyla/camasirinda/camasirlariyla'],
    },
    besidePicture: {
      reveal: words('goster gosterin gosteren'),
      body: words('bacak~ omuz~ kalca~ gobeg~'),
      less: [...words('kisalt~ incelt~ daralt~'), 'daha az/kisa/ince/dar'],
      intimate: words('gogus~ gogs~ meme~'),
      suggestive: words('bikini~ mayoyla mayolu mayoda mayosuyla'),
      undress: ['daha fazla ten', 'daha cok ten'],
    },
  },
];
