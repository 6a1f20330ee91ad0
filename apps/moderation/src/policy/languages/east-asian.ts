import type { PolicyDocument } from '../policy.js';
import type { LanguageWords } from './language-words.js';
import { words } from './language-words.js';

const koreanParticles = words('은 는 이 가 을 를 의 와 과 도 들 들이 들의 들은 들을');
const korean = (list: string): string[] =>
  words(list).flatMap((word) => ['', ...koreanParticles].map((particle) => word + particle));

/** Korean; particles follow within the word. */
export const koreanWords: LanguageWords = {
  minor: [
    ...words(
      '~어린이~ ~여자아이~ ~남자아이~ 꼬마~ ~소녀~ ~소년~ ~미성년~ ~초등학생~ ~중학생~ ~고등학생~',
    ),
    ...words('~여고생~ ~여중생~ 유아~ 아동~ 여아~ 남아가 로리타~ 로리'),
    ...korean('아이 아기 애 여자애 남자애'),
  ],
  nude: [
    ...words('나체~ ~누드~ ~알몸~ ~벌거벗~ ~발가벗~ ~벌거숭이~ 전라의 전라로 반라의 반라로 헐벗~'),
    '전라 상태',
  ],
  undress: words('탈의~ 벗겨줘'),
  explicit: words('섹스~ ~성행위~ ~성관계~ 포르노~ 야동~ 에로틱~ 음란~ 외설~ 야한 성적인 성적으로'),
  bare: words('성기 성기를 성기가'),
  suggestive: words('섹시~ 란제리~ 비키니~ 속옷~ 팬티~ 관능~'),
  remove: words('벗~ 제거~ 없애~ 지워~'),
  gone: words('없이 없는 않은 않고 안'),
  clothes: words('옷 옷을 옷이 옷도 옷은 옷만 의상~ 의류~ 옷가지~'),
};

/** Chinese, Japanese and Thai, found anywhere. Marks are folded away, in Thai the tones too. */
export const unspacedWords: PolicyDocument['unspaced'] = {
  minor: words(
    '幼童 幼儿 幼兒 男童 女童 小男孩 小朋友 青少年 初中生 高中生 女学生 女學生 學生妹 婴儿 嬰兒 小學生 中學生 ' +
      '幼児 児童 こども コドモ 女の子 男の子 少年 高校生 ようじょ เด็ก เยาวชน ผู้เยาว์ ทารก นักเรียน วัยรุ่น หนูน้อย',
  ),
  nude: words(
    '赤裸 裸身 裸睡 裸着 裸著 不着寸缕 不著寸縷 一絲不掛 光屁股 光著身子 没有穿衣 沒有穿衣 沒穿衣 不穿衣 ' +
      '裸で 裸に 裸体 素っ裸 真っ裸 丸裸 すっぽんぽん 服なし 服を着ず はだかの ハダカ เปลือย ล่อนจ้อน แก้ผ้า ' +
      'ไม่สวมเสื้อผ้า ไม่ใส่เสื้อผ้า ไร้เสื้อผ้า ไม่มีเสื้อผ้า ไม่นุ่งผ้า',
  ),
  undress: words('剥光 剝光 扒光 脱去衣 脫去衣 解开衣 解開衣 脱がさ ถอดเสื้อผ้า ถอดชุด ถอดผ้า'),
  explicit: words(
    '情色 性行为 性行為 性器 淫 わいせつ 猥褻 猥亵 エロチック エロティック เซ็กส์ เพศสัมพันธ์ ร่วมเพศ ลามก อนาจาร',
  ),
  suggestive: words('比基尼 内裤 內褲 ランジェリー パンティ ビキニ เซ็กซี่ ชุดชั้นใน กางเกงใน บิกินี ยั่วยวน'),
  without: words('没有 沒有'),
  remove: words('ถอด ลบ'),
  clothes: words('เสื้อผ้า'),
};

export const eastAsianHarmless: readonly string[] = [
  ...words('누드김밥 누드톤 누드베이지 누드립스틱 누드메이크업 탈의실 탈의실에서 속옷장'),
  '누드 톤/베이지/컬러/립스틱/메이크업/김밥/핑크',
  ...words('脱衣所 脱衣場 脱衣室 裸足 裸眼 裸子植物 裸麦 赤裸裸的真相'),
  // What 性的な would else be found in.
  ...words('個性的な 女性的な 男性的な 知性的な 理性的な 野性的な'),
];
