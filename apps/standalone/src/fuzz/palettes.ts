import type { Owner } from '../test/api/things.js';
import { ownerIn } from '../test/api/things.js';
import type { WrongCallers } from '../test/api/callers.js';
import { wrongCallersIn } from '../test/api/callers.js';
import type { Fleet } from '../test/fleet.js';
import type { Palette } from './requests.js';

/** Few, so that most accepted requests are followed by refusals and no queue builds up. */
const CREDITS = '40';
const BATCHES_AN_ACCOUNT = 5;

/** What a fuzzing run is made with; a fresh account every five batches. */
export async function palettesIn(fleet: Fleet): Promise<() => Promise<Omit<Palette, 'named'>>> {
  const foreign = await ownerIn(fleet);
  const wrong = await wrongCallersIn(fleet);
  let batches = 0;
  let owner: Owner | undefined;
  return async () => {
    if (owner === undefined || batches % BATCHES_AN_ACCOUNT === 0)
      owner = await ownerIn(fleet, CREDITS);
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
