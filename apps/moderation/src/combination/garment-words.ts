/**
 * The closed vocabulary of edits over somebody's body: every word of the request has to be in it, and one
 * of them a garment that covers. It has no word that takes off, thins, shortens, opens or tightens, and
 * no garment that leaves somebody less dressed, so no sentence of it can ask for that.
 */
const covering = `coat jacket blazer sweater pullover jumper cardigan hoodie shirt blouse suit tuxedo
  uniform overalls dungarees gown robe kimono hanbok sari kaftan parka anorak raincoat trench
  trousers pants jeans dress skirt tunic turtleneck sweatshirt`;
const others = `a an the her his their my our this that of and with to into in on as is be
  change make turn recolor recolour paint dye color colour give put wearing wears wear dressed
  man woman person people model lady gentleman
  red orange yellow green blue navy teal purple violet pink brown beige grey gray black white gold
  golden silver cream burgundy maroon turquoise dark light bright pale deep
  wool woollen woolen knitted cotton linen denim leather velvet silk tweed corduroy flannel quilted
  padded striped plaid checked tartan floral patterned dotted plain embroidered
  long longer warm warmer thick thicker formal elegant casual classic vintage modern traditional winter
  autumn business wedding evening full length sleeved loose wide collar buttons pockets sleeves
  style fabric material pattern`;

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const garments = new Set(wordsOf(covering));
const known = new Set([...garments, ...wordsOf(others)]);
/** What a negative prompt may list beside it: faults of pictures, nothing that somebody wears. */
const faults = new Set(
  wordsOf('blurry blur noise noisy grainy artifacts watermark text lowres low quality ugly bad'),
);

/** Whether these words are of that vocabulary alone, and name a garment. */
export function isGarmentEdit(prompt: string, negativePrompt: string): boolean {
  const words = plainWordsOf(prompt);
  return (
    words?.some((word) => garments.has(word)) === true &&
    words.every((word) => known.has(word)) &&
    plainWordsOf(negativePrompt)?.every((word) => faults.has(word)) === true
  );
}

/** `undefined` for what is more than plain Latin letters, commas and full stops. */
function plainWordsOf(text: string): string[] | undefined {
  const plain = text.toLowerCase();
  if (!/^[a-z\s,.-]*$/.test(plain)) return undefined;
  return plain.split(/[\s,.-]+/).filter((word) => word !== '');
}
