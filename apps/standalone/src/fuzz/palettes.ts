import type { Owner } from '../test/api/things.js';
import { ownerIn } from '../test/api/things.js';
import type { WrongCallers } from '../test/api/callers.js';
import { wrongCallersIn } from '../test/api/callers.js';
import type { Fleet } from '../test/fleet.js';
import type { Palette } from './requests.js';

/**
 * Few: most of what is accepted is a picture to be painted, and a queue that outgrows the worker
 * would be refused for want of workers, which says nothing about requests.
 */
const CREDITS = '6';
const BATCHES_AN_ACCOUNT = 10;

/** What a fuzzing run is made with; a fresh account every ten batches. */
export async function palettesIn(fleet: Fleet): Promise<() => Promise<Omit<Palette, 'named'>>> {
  const foreign = await ownerIn(fleet);
  const wrong = await wrongCallersIn(fleet);
  let batches = 0;
  let owner: Owner | undefined;
  return async () => {
    if (owner === undefined || batches % BATCHES_AN_ACCOUNT === 0)
      owner = await ownerIn(fleet, { credits: CREDITS, patient: false });
    batches += 1;
    return paletteOf(owner, foreign, wrong);
  };
}

function paletteOf(owner: Owner, foreign: Owner, wrong: WrongCallers): Omit<Palette, 'named'> {
  const bearer = (headers: Readonly<Record<string, string>>) =>
    (headers['authorization'] ?? '').replace('Bearer ', '');
  return {
    keys: [
      owner.client.apiKey,
      bearer(wrong.lacking('none')),
      '',
      bearer(wrong.unknown['a revoked key'] ?? {}),
    ],
    own: owner.things,
    foreign: foreign.things,
  };
}
