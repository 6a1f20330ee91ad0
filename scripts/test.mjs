/** `npm test`: every check and every test, ending with one line `N passed, N failed`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install } from './prepare.mjs';
import { scratchFolder } from './scratch.mjs';
import { environment, Refusal, root, runQuietly } from './step.mjs';

/** @typedef {{ passed: number, failed: number }} Tally */

const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);

// Node's own settings of the caller must not change what is tested.
const cleanEnvironment = { ...environment };
delete cleanEnvironment.NODE_OPTIONS;

const checks = [
  { name: 'lint', command: 'oxlint', args: ['--deny-warnings'] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
  {
    name: 'imports',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'apps', 'packages'],
  },
];

/**
 * Tiers of tests, each by as many workers as there are cores in the smallest machine that is promised.
 * The first needs no server and minds no company: it runs beside the checks, most of which have one thread.
 */
const unit = { name: 'unit', maxWorkers: 2, testTimeoutMs: 60_000, timeoutMs: 600_000 };
const tiers = [
  { name: 'int', maxWorkers: 2, testTimeoutMs: 90_000, timeoutMs: 900_000 },
  { name: 'e2e', maxWorkers: 2, testTimeoutMs: 240_000, timeoutMs: 900_000 },
];

/** Where engines that somebody runs can be reached; each is tested where its address is given. */
const engines = ['COMFYUI_URL', 'OPENAI_MEDIA_URL', 'SDCPP_URL', 'A1111_URL'];
const live = { name: 'live', maxWorkers: 1, testTimeoutMs: 600_000, timeoutMs: 3_600_000 };

/** Prints one line: whether it passed, what, and how long it took. */
function report(
  /** @type {boolean} */ ok,
  /** @type {string} */ what,
  /** @type {number} */ seconds,
) {
  console.log(`${ok ? '✓' : '✗'} ${what.padEnd(38)}${seconds.toFixed(1).padStart(6)} s`);
}

/** @returns {Tally} */
function judge(
  /** @type {string} */ name,
  /** @type {import('./step.mjs').Outcome} */ { ok, output, seconds },
) {
  report(ok, name, seconds);
  if (!ok) console.log(`\n${output}\n`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** @returns {Promise<Tally>} */
async function runTier(
  /** @type {(typeof tiers)[number]} */ { name, maxWorkers, testTimeoutMs, timeoutMs },
  /** @type {string} */ node,
  /** @type {string} */ folder,
) {
  const resultFile = join(folder, `${name}.json`);
  const jest = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--selectProjects', name];
  const limits = [`--maxWorkers=${maxWorkers}`, `--testTimeout=${testTimeoutMs}`];
  const options = [...limits, '--json', `--outputFile=${resultFile}`];
  // The hundreds of processes that tests start need not compile the same code again and again.
  const compiled = join(folder, 'compiled');
  const env = { ...cleanEnvironment, TMPDIR: folder, NODE_COMPILE_CACHE: compiled };
  const outcome = await runQuietly(
    node,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest, ...options],
    { env, timeoutMs },
  );
  const results = readResults(resultFile);
  if (!results) return judge(`${name}: no tests were run`, { ...outcome, ok: false });
  const tally = count(results, name === live.name);
  // Every test passed and yet Jest failed, or there was none: that is not a pass.
  if (tally.failed === 0 && (!outcome.ok || tally.passed === 0)) tally.failed = 1;
  const summary = `${name}: ${tally.passed} passed, ${tally.failed} failed`;
  report(tally.failed === 0, summary, outcome.seconds);
  if (tally.failed > 0) console.log(failures(results) || outcome.output);
  return tally;
}

/** Jest's own summary of a tier, or `undefined` when it never came to that. */
function readResults(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A skipped test is a test that did not pass, but for engines that are not there; a file that would
 * not load is one failure.
 */
function count(/** @type {any} */ results, /** @type {boolean} */ maySkip) {
  const skipped = maySkip ? 0 : results.numPendingTests + results.numTodoTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + skipped;
  return { passed: results.numPassedTests, failed };
}

/** @returns {string} */
function failures(/** @type {any} */ results) {
  const texts = results.testResults.map((/** @type {any} */ file) => {
    const bad = file.assertionResults.filter((/** @type {any} */ test) => test.status !== 'passed');
    if (bad.length === 0 && file.status === 'passed') return '';
    const skipped = bad.filter((/** @type {any} */ test) => test.status !== 'failed');
    const names = skipped.map((/** @type {any} */ test) => `  skipped: ${test.fullName}`);
    return [file.name.replace(`${root}/`, '\n'), ...names, file.message].join('\n');
  });
  return texts.filter((/** @type {string} */ text) => text !== '').join('\n');
}

/** @returns {Promise<Tally[]>} */
async function testEverything(/** @type {string} */ node) {
  const types = await build();
  const tallies = [judge('types', types)];
  const folder = scratchFolder();
  const test = (/** @type {typeof unit} */ tier) =>
    types.ok
      ? runTier(tier, node, folder)
      : judge(tier.name, { ok: false, output: 'not built', seconds: 0 });
  const check = async (/** @type {(typeof checks)[number]} */ { name, command, args }) =>
    judge(name, await runQuietly(bin(command), args, { env: cleanEnvironment }));
  tallies.push(...(await Promise.all([...checks.map(check), test(unit)])));
  const given = engines.filter((name) => cleanEnvironment[name] !== undefined);
  for (const tier of given.length > 0 ? [...tiers, live] : tiers) tallies.push(await test(tier));
  if (given.length === 0)
    console.log(`- no real engine was tried: none of ${engines.join(', ')} is set`);
  return tallies;
}

let tallies = [{ passed: 0, failed: 1 }];
try {
  tallies = await testEverything(await install());
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
}
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
