import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

// Resolved when this is loaded: tests of the command line change the folder.
const folder = resolve('test/vectors');

/**
 * The archive of test vectors for the package: all files of test/vectors but the generated histories, as one JSON object of texts
 * and JSON by path, compressed. As plain files they would be half of the package.
 */
export function vectorsArchive(): Buffer {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const shipped = paths.filter((path) => /\.(json|md|py|txt)$/.test(path) && !path.includes('generated')).sort();
  const contentOf = (path: string): unknown => {
    const text = readFileSync(join(folder, path), 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : text;
  };
  const files = Object.fromEntries(shipped.map((path) => [path, contentOf(path)]));
  return brotliCompressSync(JSON.stringify(files));
}
