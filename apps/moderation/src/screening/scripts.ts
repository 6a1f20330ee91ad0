/**
 * Letters of scripts that the floor has no words of. A prompt with one of them is refused until it is
 * written otherwise: what nobody here can read has no verdict (policy, F6).
 */
const UNREAD =
  /(?=\p{L})[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Thai}\p{Script=Common}\p{Script=Inherited}]/u;

/** Beside a picture: the stricter words exist in fewer scripts. */
const UNREAD_BESIDE_PICTURE =
  /(?=\p{L})[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}\p{Script=Inherited}]/u;

/** Accidents of decoding ordinary words give a letter or three, never a row of them. */
const inRow = ({ source }: RegExp): RegExp => new RegExp(`(?:${source}){4}`, 'u');
const HIDDEN_UNREAD = inRow(UNREAD);
const HIDDEN_UNREAD_BESIDE_PICTURE = inRow(UNREAD_BESIDE_PICTURE);

export const isUnread = (text: string): boolean => UNREAD.test(text);
export const isUnreadBesidePicture = (text: string): boolean => UNREAD_BESIDE_PICTURE.test(text);
/** For text that was encoded in a prompt. */
export const isUnreadInside = (decoded: string): boolean => HIDDEN_UNREAD.test(decoded);
export const isUnreadInsideBesidePicture = (decoded: string): boolean =>
  HIDDEN_UNREAD_BESIDE_PICTURE.test(decoded);
