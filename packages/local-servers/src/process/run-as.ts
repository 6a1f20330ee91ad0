import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user a server runs as when that is not ourselves (only root can choose). */
export interface RunAs {
  uid: number;
  gid: number;
  /**
   * The one capability that lets this user pass through folders closed to it, named as setpriv
   * names it; absent when the folders are open.
   */
  passFolders?: 'dac_read_search' | 'dac_override' | undefined;
}

export interface Command {
  command: string;
  args: string[];
}

/**
 * Wraps a command in `setpriv` (util-linux, on every Debian): it changes the user, and has the
 * kernel signal the server when we die, so that a killed launcher leaves nothing running. Without
 * setpriv and without a change of user the plain command runs; the next start then takes over
 * whatever lingers.
 */
export async function commandFor(wanted: {
  command: string;
  args: string[];
  runAs?: RunAs | undefined;
  parentDeathSignal?: NodeJS.Signals | undefined;
}): Promise<Command> {
  const { command, args, runAs, parentDeathSignal } = wanted;
  if (!(await setprivWorks())) {
    if (runAs === undefined) return { command, args };
    throw new Error(
      'PostgreSQL refuses to run as root and the program setpriv (util-linux), which would start ' +
        'it as another user, is missing: run Safelight as an ordinary user.',
    );
  }
  const options = runAs === undefined ? [] : changeUser(runAs);
  if (parentDeathSignal !== undefined) options.push('--pdeathsig', parentDeathSignal.slice(3));
  return { command: 'setpriv', args: [...options, '--', command, ...args] };
}

function changeUser({ uid, gid, passFolders }: RunAs): string[] {
  const user = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  if (passFolders === undefined) return [...user, '--inh-caps=-all', '--bounding-set=-all'];
  const only = `-all,+${passFolders}`;
  // no_setuid_fixup: without it access(2), by which PostgreSQL looks for its own files, ignores
  // the capability of a process that is not root.
  return [
    ...user,
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--securebits=+no_setuid_fixup',
  ];
}

let works: Promise<boolean> | undefined;

function setprivWorks(): Promise<boolean> {
  works ??= run('setpriv', ['--pdeathsig', 'INT', '--', 'true']).then(
    () => true,
    () => false,
  );
  return works;
}
