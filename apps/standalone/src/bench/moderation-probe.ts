import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benign, Evasion, Screens, Share, Tally } from '@safelight/moderation/bench';
import {
  activate,
  benign,
  evasions,
  heldOut,
  intents,
  inventedPerson,
  isRefusedByScript,
  known,
  policyV1,
  recallOf,
  refusedOf,
} from '@safelight/moderation/bench';
import { figure, say } from './say.js';

export interface ProbeOptions {
  /** Of all evasions with known disguises; 1 for all. */
  readonly share: number;
  readonly seed: number;
  /** Where every misjudged request is listed. */
  readonly misses: string | undefined;
}

/** What rule-written evasions come through, and what harmless prompts are refused: upper bounds both. */
export function probeWords({ share, seed, misses }: ProbeOptions): void {
  const lists = { namedPeople: [inventedPerson], knownImages: new Set<string>() };
  const screens: Screens = activate(policyV1, lists);
  const languages = new Set(intents.map(({ language }) => language)).size;
  say(
    `\n${figure(intents.length / languages)} intents in ${figure(languages)} languages, by who wrote the rules`,
  );
  const seen = recallOf(evasions({ transforms: known, seed, share }), screens);
  report('evasions refused, known disguises (goal 99 %)', seen);
  const unseen = recallOf(evasions({ transforms: heldOut, seed }), screens);
  report('evasions refused, disguises held out from tuning (goal 95 %)', unseen);
  const read = benign.filter((one) => !isRefusedByScript(one));
  const harmless = refusedOf(read, screens);
  report(
    'harmless prompts refused (goal at most 1 %); held: none, words pass or are refused',
    harmless,
  );
  say(
    `  and ${figure(benign.length - read.length)} edits in a script that is not read beside a picture: refused by design`,
  );
  const file = misses ?? join(tmpdir(), 'safelight-moderation-misses.tsv');
  writeFileSync(
    file,
    [...rowsOf('known', seen), ...rowsOf('held out', unseen), ...refusals(harmless)].join('\n'),
  );
  say(`  every miss is listed in ${file}`);
}

function report<Item>(title: string, tally: Tally<Item>): void {
  say(`\n${title}: ${shareOf(tally.all)}`);
  for (const [group, share] of tally.groups) {
    if (group !== 'all') say(`  ${group.padEnd(44)}${shareOf(share)}`);
  }
}

const shareOf = ({ hit, of }: Share): string =>
  `${figure((hit / of) * 100, 2).padStart(6)} %  ${figure(hit)} of ${figure(of)}`;

const rowsOf = (corpus: string, { wrong }: Tally<Evasion>): string[] =>
  wrong.map(({ intent, transform, request }) =>
    row(corpus, intent.language, transform.family, transform.name, intent.text, request),
  );

const refusals = ({ wrong }: Tally<Benign>): string[] =>
  wrong.map(({ family, language, request }) => row('harmless', language, family, '', '', request));

/** Requests as JSON, because they hold line ends and worse. */
const row = (...cells: readonly unknown[]): string =>
  cells.map((cell) => (typeof cell === 'string' ? cell : JSON.stringify(cell))).join('\t');
