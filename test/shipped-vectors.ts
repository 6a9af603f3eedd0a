import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of test/vectors that the package contains, by their path in that folder: all but the generated histories. */
export function shippedVectors(): Readonly<Record<string, string>> {
  const folder = 'test/vectors';
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const shipped = paths.filter((path) => /\.(json|md|py)$/.test(path) && !/generated/.test(path));
  return Object.fromEntries(
    shipped.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  );
}
