import { describe, expect, it } from '@jest/globals';
import { command, ended, Refusal } from './command.js';
import { ops } from './ops.js';

const greet = command({
  noun: 'door',
  verb: 'knock',
  about: 'Knock at a door',
  options: {
    times: { type: 'string', value: 'N', about: 'how often', default: '1' },
    softly: { type: 'boolean', about: 'without waking anybody' },
  },
  run: async ({ times, softly }, { say }) => {
    if (times === '0') throw new Refusal('Nobody knocks no times.');
    say(`${times} ${softly === true ? 'soft' : 'loud'}`);
    return ended.fine;
  },
});

async function said(...words: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(words, [greet], {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: undefined,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

describe('ops', () => {
  it('runs the command that the words name, with its options and defaults', async () => {
    expect(await said('door', 'knock', '--softly')).toEqual({ code: 0, out: '1 soft\n', err: '' });
  });

  it('tells what there is when asked for nothing or for help', async () => {
    const nothing = await said();
    expect(nothing).toMatchObject({ code: 0, err: '' });
    expect(nothing.out).toContain('door knock  Knock at a door');
    expect((await said('--help')).out).toBe(nothing.out);
  });

  it('tells the options of a command', async () => {
    expect((await said('door', 'knock', '--help')).out).toContain('--times N');
  });

  it.each([
    [['door', 'open'], 'There is no "door open".'],
    [['window'], 'There is no "window".'],
    [['door', 'knock', '--loudly'], "Unknown option '--loudly'"],
    [['door', 'knock', 'twice'], "Unexpected argument 'twice'"],
    [['door', 'knock', '--times'], "'--times <value>' argument missing"],
  ])('answers %j with usage and 2', async (words, sentence) => {
    const { code, out, err } = await said(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err).toContain('npm run ops -- ');
  });

  it('says in one sentence why a command cannot do its work', async () => {
    expect(await said('door', 'knock', '--times', '0')).toEqual({
      ...{ code: 1, out: '' },
      err: 'Nobody knocks no times.\n',
    });
  });
});
