import { commands } from './commands.js';
import { environment } from './config.js';
import { ops } from './ops.js';

try {
  process.exitCode = await ops(process.argv.slice(2), commands, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    databaseUrl: environment.databaseUrl,
    folder: process.cwd(),
  });
} catch (error) {
  process.stderr.write(`It failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
