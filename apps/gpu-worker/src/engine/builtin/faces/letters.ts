/** The letters of the label, five wide and seven high. */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  S: ['.####', '#....', '#....', '.###.', '....#', '....#', '####.'],
  T: ['#####', '..#..', '..#..', '..#..', '..#..', '..#..', '..#..'],
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  N: ['#...#', '##..#', '##..#', '#.#.#', '#..##', '#..##', '#...#'],
  D: ['####.', '#...#', '#...#', '#...#', '#...#', '#...#', '####.'],
  '-': ['.....', '.....', '.....', '#####', '.....', '.....', '.....'],
  I: ['.###.', '..#..', '..#..', '..#..', '..#..', '..#..', '.###.'],
};
const TEXT = 'STAND-IN';
const PITCH = 6;

/** In dots: the label with one dot of margin around. */
export const LABEL = { width: TEXT.length * PITCH + 1, height: 9 } as const;

/** Whether a dot of the label is ink. */
export function isInk(column: number, row: number): boolean {
  const letter = LETTERS[TEXT[Math.floor((column - 1) / PITCH)] ?? ''];
  return letter?.[row - 1]?.[(column - 1) % PITCH] === '#';
}
