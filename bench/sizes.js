// @ts-check
import { execFileSync, spawnSync } from 'node:child_process';

/**
 * What is downloaded: the bundles of `size-limit` in package.json, and the package.
 *
 * @returns {{ title: string, rows: { contender: string, bytes: number, limit?: number }[] }[]}
 */
export const sizes = () => {
  // It exits with 1 if a bundle exceeds its limit, and prints all of them.
  const { stdout } = spawnSync('npx', ['size-limit', '--json'], { encoding: 'utf8' });
  /** @type {{ name: string, size: number, sizeLimit: number }[]} */
  const bundles = JSON.parse(stdout);
  const options = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  /** @type {[{ size: number, unpackedSize: number }]} */
  const [{ size, unpackedSize }] = JSON.parse(execFileSync('npm', options, { encoding: 'utf8', stdio: 'pipe' }));
  return [
    {
      title: 'bytes of bundles, minified and gzipped',
      rows: bundles.map(({ name, size, sizeLimit }) => ({ contender: name, bytes: size, limit: sizeLimit })),
    },
    {
      title: 'bytes of the package',
      rows: [
        { contender: 'packed', bytes: size },
        { contender: 'unpacked', bytes: unpackedSize },
      ],
    },
  ];
};
