import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@safelight/config';
import { pointerTo } from '../http/pointer.js';
import { Catalogue } from './catalogue.js';
import { catalogueDocument } from './document.js';

/** The built-in models, and nothing else: what a fresh machine has. */
const SHIPPED = fileURLToPath(new URL('../../data/models.json', import.meta.url));
const MOST_FAULTS = 10;

/**
 * Reads the catalogue of models once: who changes the file restarts the gateways, one after the
 * other, and a file with a fault stops the first of them before it takes any request.
 *
 * @param file of the setting MODEL_CATALOGUE; the shipped one otherwise
 * @throws ConfigError that names the file, the place and the remedy
 */
export function readCatalogue(file = SHIPPED): Catalogue {
  const parsed = catalogueDocument.safeParse(jsonIn(file));
  if (parsed.success) return new Catalogue(parsed.data);
  const faults = parsed.error.issues.slice(0, MOST_FAULTS).map(({ path, message }) => {
    const place = pointerTo(path.map((step) => (typeof step === 'symbol' ? String(step) : step)));
    return `${place === '' ? 'the document' : place} ${message}`;
  });
  throw fault(file, faults.join('; '));
}

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fault(file, `cannot be read (${(error as Error).message}); give the path of a JSON file`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault(file, `is no JSON${lineOf(text, (error as Error).message)}`);
  }
}

/** V8 names the position of what it did not expect; people count lines. */
function lineOf(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return `: ${message}`;
  const line = text.slice(0, Number(position)).split('\n').length;
  return `, line ${line}: ${message}`;
}

const fault = (file: string, what: string) => new ConfigError(`MODEL_CATALOGUE: ${file}: ${what}.`);
