import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialects, type Rules, type VectorCase } from './run-case.ts';

export * from './run-case.ts';

interface VectorFile {
  readonly about: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly cases: readonly VectorCase[];
}

export const folder = 'test/vectors';

/** The other reading of each assumed rule, by the folder of the dialect and the row of the evidence. */
export const assumed: Readonly<Record<string, Readonly<Record<string, Rules>>>> = {
  '': {
    'stages.limitCounts': { stages: { limitCounts: 'custom' } },
    'stages.previousFollows: any-version': { stages: { previousFollows: 'any-version' } },
    'stages.previousFollows: any-move': { stages: { previousFollows: 'any-move' } },
    'versions.lists.least': { versions: { lists: { least: 1, most: 12 } } },
    'versions.repeatedId': { versions: { repeatedId: 'ignored' } },
    'versions.limit.whenFull': { versions: { limit: { most: 20, whenFull: 'refuse' } } },
  },
  'aws-secrets-manager': {
    'stages.limitCounts': { stages: { limitCounts: 'custom' } },
    'versions.idPrefix': { versions: { idPrefix: 'a-series-of-another-name-altogether-' } },
  },
  'alibaba-kms': {
    'stages.name': { stages: { name: '[A-Za-z0-9-]{1,64}' } },
    'stages.limitCounts': { stages: { limitCounts: 'custom' } },
    'stages.previousFollows: any-version': { stages: { previousFollows: 'plain-version' } },
    'stages.previousFollows: any-move': { stages: { previousFollows: 'any-move' } },
    'versions.idPrefix': { versions: { idPrefix: 'version-' } },
    'versions.lists.least': { versions: { lists: { least: 1, most: 7 } } },
    'versions.prune': { versions: { prune: 'deletes' } },
  },
  'google-secret-manager': {},
};

/** Those of CSMS, and those of the other dialects. */
export const vectorFiles = ['', 'optional'].flatMap(filesIn);
export const dialectFiles = Object.keys(dialects).flatMap((name) => [name, join(name, 'optional')].flatMap(filesIn));

/** The cases of files, each with its id and the path of its file. */
export function casesOf(
  files: typeof vectorFiles,
): readonly (readonly [id: string, vector: VectorCase, path: string])[] {
  return files.flatMap(([path, { cases }]) => cases.map((vector) => [vector.id, vector, path] as const));
}

/** All handwritten cases. */
export const cases = casesOf([...vectorFiles, ...dialectFiles]);

export function caseOf(id: string): VectorCase {
  const found = cases.find(([other]) => other === id);
  if (!found) throw new Error(`There is no case ${id}.`);
  return found[1];
}

/** The files of handwritten cases in a folder by their path. `test/project/vectors.test.ts` checks them against the schema. */
function filesIn(sub: string): readonly (readonly [path: string, file: VectorFile])[] {
  return readdirSync(join(folder, sub))
    .filter((name) => /^(?!generated|dialect|schema).*\.json$/.test(name))
    .map((name) => {
      const file: VectorFile = JSON.parse(readFileSync(join(folder, sub, name), 'utf8'));
      return [join(sub, name), file] as const;
    });
}
