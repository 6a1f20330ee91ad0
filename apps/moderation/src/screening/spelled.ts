/** As much of a word in its place as phrases and cut words are told by. */
export interface Spelled {
  readonly token: { readonly text: string; readonly short: string };
  readonly follows: boolean;
  readonly item: number;
}
