import { folded } from './fold.js';
import type { Joining } from './joined.js';
import { joiningOf } from './joined.js';
import type { ConceptSet, Lexicon } from './lexicon.js';
import { squeezed } from './normalise.js';
import type { PhraseNode } from './phrases.js';
import { segmentsOf } from './segments.js';
import { mended, rotated } from './spelling.js';
import { stemConcepts } from './stems.js';

const adultAge = 18;
const agesInWords = new Set(
  (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
    'sixteen seventeen'
  ).split(' '),
);
const yearWords = new Set(
  (
    'year years yr yrs y yo yearold jahre jahrige jahriges ans anos anni лет года летняя jahrigen ' +
    'jaar jarig jarige lat letni letnia letnie latka latek roku yasinda yasindaki tahun tuoi let ar eves ' +
    'летнии летней летний років рік річна річний годишна χρονων ετων سنه سنوات عام عاما اعوام ساله سال سالگي ' +
    'साल वर्ष वर्षीय বছর বছরের שנים שנה 살 살의 살짜리 세 세의'
  )
    .split(' ')
    .map(folded),
);
const ageWords = new Set(
  'age aged ages turning turned umur usia edad idade eta wieku leeftijd בת בן בגיל عمر عمره عمرها อายุ'
    .split(' ')
    .map(folded),
);
const yearSign = /^[歳才岁歲]|^ปี|^ขวบ/u;
/** Two letters are some word in any alphabet. */
const shortestRotated = 3;
const shortestReversed = 4;
const minorNumber = /^\d{1,2}$/;

/** A word by itself: all that the lexicon says of it wherever it stands. */
export class Token {
  /** The text without repeated letters; often the same. */
  readonly short: string;
  readonly concepts: ConceptSet;
  /** What its stem means, even if the word as a whole is harmless. */
  readonly stem: ConceptSet;
  /** Phrases that begin with it. */
  readonly phrases: PhraseNode | undefined;
  readonly harmless: PhraseNode | undefined;
  /** Where it leads to as the first piece of a word cut into pieces. */
  readonly joining: Joining | undefined;
  /** Whether a stem that goes on in the next word may begin with it. */
  readonly beginsStem: boolean;
  readonly isMinorAge: boolean;
  readonly isYear: boolean;
  readonly isAgeWord: boolean;
  /** Whether nothing can be found that begins with it, as long as no sign cuts it from the next. */
  readonly isPlain: boolean;
  /** Whether its letters, moved by half of the alphabet, are a word of the lexicon. */
  readonly isRotated: boolean;
  private turned: Token | undefined;
  private correct: Token | undefined;
  private segments: readonly Token[] | undefined;

  constructor(
    readonly text: string,
    private readonly lexicon: Lexicon,
    private readonly tokens: Tokens,
  ) {
    this.short = squeezed(text);
    const { phrases, harmless, harmlessWords, stems } = lexicon;
    this.stem = stemConcepts(this, lexicon);
    this.concepts = harmlessWords.has(text) ? 0 : exactConcepts(this, lexicon) | this.stem;
    this.phrases = phrases.get(text) ?? phrases.get(this.short);
    this.harmless = harmless.get(text) ?? harmless.get(this.short);
    this.joining = joiningOf(text, lexicon.joinable);
    this.beginsStem =
      this.stem !== 0 || stems.plain.begins(text) || stems.squeezed.begins(this.short);
    this.isMinorAge = isMinorAge(text);
    this.isYear = yearWords.has(text) || yearSign.test(text);
    this.isAgeWord = ageWords.has(text);
    this.isRotated = isRotated(text, lexicon);
    const saysMore = this.phrases ?? this.harmless ?? this.joining ?? this.isMinorAge;
    this.isPlain = this.concepts === 0 && !saysMore;
  }

  /** The word with its letters from the end to the beginning. */
  get reversed(): Token {
    if (this.turned === undefined) {
      this.turned = this.tokens.of(Array.from(this.text).reverse().join(''));
      this.turned.turned = this;
    }
    return this.turned;
  }

  /** What it is when a slip is mended or a rotation undone, or itself. */
  get corrected(): Token {
    this.correct ??= this.correctedNow();
    return this.correct;
  }

  private correctedNow(): Token {
    if (this.isRotated) return this.tokens.of(rotated(this.text));
    if (this.concepts !== 0 || this.phrases || this.harmless) return this;
    if (this.lexicon.vocabulary.has(this.text) || this.lexicon.harmlessWords.has(this.text)) {
      return this;
    }
    const word = mended(this.text, this.lexicon.spelling);
    if (word !== undefined) return this.tokens.of(word);
    return this.isReversed ? this.reversed : this;
  }

  /** Whether it is a word of the lexicon from its end to its beginning; short ones are by accident. */
  private get isReversed(): boolean {
    const { text, lexicon } = this;
    if (text.length < shortestReversed) return false;
    const word = Array.from(text).reverse().join('');
    return lexicon.vocabulary.has(word) || lexicon.stems.plain.at(word) !== 0;
  }

  /** The known words that it is made of, or itself. */
  get parts(): readonly Token[] {
    this.segments ??= this.partsNow();
    return this.segments;
  }

  private partsNow(): readonly Token[] {
    if (this.lexicon.known.has(this.text)) return [this];
    const parts = segmentsOf(this.text, this.lexicon.knownTrie);
    return parts?.map((text) => this.tokens.of(text)) ?? [this];
  }
}

function isRotated(text: string, { vocabulary, stems }: Lexicon): boolean {
  if (text.length < shortestRotated) return false;
  const word = rotated(text);
  return word !== text && (vocabulary.has(word) || stems.plain.at(word) !== 0);
}

function exactConcepts({ text, short }: Pick<Token, 'text' | 'short'>, lexicon: Lexicon) {
  const known = lexicon.words.get(text);
  if (known !== undefined) return known;
  return short === text ? 0 : (lexicon.squeezedWords.get(short) ?? 0);
}

function isMinorAge(text: string): boolean {
  if (!minorNumber.test(text)) return agesInWords.has(text);
  return Number(text) < adultAge && Number(text) >= 1;
}

/** Words of 13 characters and more may be views into the whole text, and would keep it alive. */
const longestOwn = 12;
const longestKept = 40;

/**
 * The words seen last, each looked up once: most requests are made of words of others. Two
 * generations bound them; what was not asked for during a whole one is forgotten.
 */
export class Tokens {
  private young = new Map<string, Token>();
  private old: ReadonlyMap<string, Token> = new Map();

  constructor(
    private readonly lexicon: Lexicon,
    private readonly perGeneration = 8_192,
  ) {}

  of(text: string): Token {
    const young = this.young.get(text);
    if (young !== undefined) return young;
    if (text.length > longestKept) return new Token(text, this.lexicon, this);
    return this.keep(this.old.get(text) ?? new Token(owned(text), this.lexicon, this));
  }

  private keep(token: Token): Token {
    if (this.young.size >= this.perGeneration) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(token.text, token);
    return token;
  }
}

const owned = (text: string): string =>
  text.length > longestOwn ? Buffer.from(text, 'utf16le').toString('utf16le') : text;
