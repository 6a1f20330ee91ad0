import { readFileSync } from 'node:fs';

const page = new URL('../../../../docs/jobs.md', import.meta.url);
let drawn: ReadonlySet<string> | undefined;

/** The arrows of the state machine in `docs/jobs.md`, e.g. `pending --> processing`. */
export function drawnTransitions(): ReadonlySet<string> {
  drawn ??= parse(readFileSync(page, 'utf8'));
  return drawn;
}

function parse(markdown: string): ReadonlySet<string> {
  const diagram = /stateDiagram-v2\n([^`]*)```/.exec(markdown)?.[1] ?? '';
  const arrows = [...diagram.matchAll(/^\s*(\S+) --> (\w+)/gm)].map(
    ([, from, to]) => `${from === '[*]' ? 'unknown' : (from ?? '')} --> ${to ?? ''}`,
  );
  if (arrows.length === 0) throw new Error(`no state machine is drawn in ${page.pathname}`);
  return new Set(arrows);
}
