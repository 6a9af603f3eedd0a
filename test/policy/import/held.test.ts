import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecret } from '../../../src/index.ts';
import {
  type Imported,
  type ImportedSecret,
  importAll,
  type JsonDocument,
  type Place,
  startImport,
} from '../../../src/policy/import/index.ts';
import { property, runs } from '../../property.ts';
import terraform from '../recordings/terraform-state.json' with { type: 'json' };

type Placed = readonly [place: string, secret: ImportedSecret];

/** What an import passes on, in the order of the documents, and how it ends. */
const importOf = (documents: readonly JsonDocument[], most?: number, again?: number) => {
  let passed: Placed[] = [];
  const recalled: number[] = [];
  const recall = (number: number): JsonDocument => {
    recalled.push(number);
    return documents[number] ?? { name: 'none', json: undefined };
  };
  const forget = (places: ReadonlySet<string>) => {
    passed = passed.filter(([place]) => !places.has(place));
  };
  const { add, end } = startImport(
    (secret: ImportedSecret, place: Place) =>
      passed.push([place.map((part) => `${part}`.padStart(3, '0')).join(), secret]),
    most === undefined
      ? {}
      : {
          limits: {
            most,
            ...(again !== undefined && { again }),
            recall,
            forget: (places) => forget(new Set([...places].map(padded))),
          },
        },
  );
  for (const document of documents) add(document);
  const ended: Imported = end();
  const inOrder = passed
    .map(([place, secret]) => ({ place, secret }))
    .sort((one, other) => (one.place < other.place ? -1 : 1));
  // If there are problems, what was passed on is not complete.
  return { ended, secrets: ended.ok ? inOrder : [], recalled };
};
const padded = (place: string) =>
  place
    .split(',')
    .map((part) => part.padStart(3, '0'))
    .join();

const letter = fc.constantFrom('a', 'b', 'c', 'd');
const ids = ['0', '1', '2'].map((number) => number.repeat(36));
const arnOf = (name: string, number: number) => `arn:aws:secretsmanager:eu-west-1:1:secret:${name}-${number}`;
const named = fc
  .tuple(letter, fc.constantFrom(1, 1, 1, 2))
  .map(([Name, number]) => ({ ARN: arnOf(Name, number), Name }));
const stages = fc.constantFrom(['AWSCURRENT'], ['AWSCURRENT'], ['blue', 'AWSCURRENT'], []);

const aws = fc.oneof(
  fc
    .tuple(named, stages, fc.nat(1), fc.constantFrom(undefined, undefined, undefined, 'next'))
    .map(([name, VersionStages, version, NextToken]) => ({
      ...name,
      Versions: [{ VersionId: ids[version], VersionStages, CreatedDate: 1_500_000_000 + version }],
      NextToken,
    })),
  fc.tuple(named, stages, fc.constantFrom(undefined, 1_600_000_000)).map(([name, labels, DeletedDate]) => ({
    ...name,
    LastChangedDate: 1_500_000_000,
    DeletedDate,
    VersionIdsToStages: labels.length > 0 ? { [`${ids[0]}`]: labels } : {},
  })),
  fc
    .array(named, { maxLength: 3 })
    .map((names) => ({ SecretList: names.map((name) => ({ ...name, LastChangedDate: 1_500_000_000 })) })),
  named.map((name) => ({ ...name, VersionId: ids[0], SecretString: 'hunter2', CreatedDate: 1_500_000_000 })),
  named.map((name) => ({ ...name, Versions: 5 })),
);
const csms = fc.oneof(
  fc
    .tuple(
      letter,
      fc.constantFrom('SYSCURRENT', 'SYSCURRENT', 'SYSCURRENT', 'AWSCURRENT', 'blue'),
      fc.nat(2),
      fc.constantFrom(null, null, 0),
    )
    .map(([secret_name, stage, number, expire_time]) => ({
      version_metadatas: [
        {
          id: `v${number + 1}`,
          create_time: 1_581_507_580_000 + number,
          expire_time,
          secret_name,
          version_stages: [stage],
        },
      ],
    })),
  letter.map((name) => ({ secret: { id: 'x', name, state: 'DISABLED' } })),
  letter.map((secret_name) => ({
    stage: { name: 'SYSCURRENT', version_id: 'v1', secret_name, update_time: 1_581_507_590_000 },
  })),
  letter.map((name) => ({ secret: { id: 5, name, state: 'DISABLED' } })),
);
const others = fc.oneof(
  letter.map((name) => createSecret({ name, at: 0 })),
  fc.constant(terraform),
  fc.constant({ hello: 'hunter2' }),
);
/** Often about the same secrets. Half of the lists are without problems. */
const documents = (json: fc.Arbitrary<unknown>) =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: json }, { weight: 1, arbitrary: fc.array(json, { maxLength: 3 }) }), {
      maxLength: 12,
    })
    .map((jsons) => jsons.map((json, index) => ({ name: `${index}.json`, json })));

for (const [title, json] of [
  ['responses of AWS', aws],
  ['responses of CSMS', csms],
  ['documents of all kinds', fc.oneof(aws, csms, others)],
] as const)
  property([documents(json), fc.constantFrom(0, 2, 4)], { numRuns: runs(400) })(
    `startImport with limits imports what it does without them: ${title}`,
    (list, most) => {
      const { secrets, ended } = importOf(list);
      expect(importOf(list, most)).toMatchObject({ secrets, ended });
      const all = importAll(list);
      expect(ended).toEqual(all.ok ? { ...all, secrets: [] } : all);
      expect(secrets).toHaveLength(all.ok ? all.secrets.length : 0);
    },
  );

const page = (name: string, NextToken?: string) => ({
  ARN: arnOf(name, 1),
  Name: name,
  Versions: [{ VersionId: ids[0], VersionStages: ['AWSCURRENT'], CreatedDate: 1_500_000_000 }],
  NextToken,
});
const described = (name: string, DeletedDate?: number) => ({
  ARN: arnOf(name, 1),
  Name: name,
  LastChangedDate: 1_500_000_000,
  DeletedDate,
  VersionIdsToStages: { [`${ids[0]}`]: ['AWSCURRENT'] },
});
const listOf = (...jsons: readonly unknown[]) => jsons.map((json, index) => ({ name: `${index}.json`, json }));
const statuses = ({ secrets }: ReturnType<typeof importOf>) =>
  secrets.map(({ secret: { state } }) => `${state.name} ${state.status}`);

test('startImport reads documents again only if more comes about a secret that it passed on', () => {
  const together = ['a', 'b', 'c', 'd', 'e'].flatMap((name) => [described(name, 1_600_000_000), page(name)]);
  expect(importOf(listOf(...together), 2).recalled).toEqual([]);
  const apart = listOf(page('a'), page('b'), page('c'), page('d'), described('a', 1_600_000_000));
  const imported = importOf(apart, 2);
  expect(imported.recalled).toEqual([0, 4]);
  expect(statuses(imported)).toEqual(['a PENDING_DELETE', 'b ENABLED', 'c ENABLED', 'd ENABLED']);
});

test('startImport reads a document again once for all secrets that need it, up to a limit', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const list = { SecretList: names.map((name) => described(name, 1_600_000_000)) };
  const apart = listOf(...names.map((name) => page(name)), list);
  const timesRead = (again?: number) => {
    const imported = importOf(apart, 2, again);
    expect(statuses(imported)).toEqual(names.map((name) => `${name} PENDING_DELETE`));
    return imported.recalled.filter((number) => number === names.length).length;
  };
  expect([timesRead(), timesRead(3), timesRead(6)]).toEqual([2, 2, 1]);
});

test('startImport keeps what is said about a secret until its versions come', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const apart = [...names.map((name) => described(name, 1_600_000_000)), ...names.map((name) => page(name))];
  const imported = importOf(listOf(...apart), 2);
  expect(imported.recalled).toEqual([]);
  expect(statuses(imported)).toEqual(names.map((name) => `${name} PENDING_DELETE`));
});

test('startImport passes a secret on again with its ARN if another has its name', () => {
  const other = { ...page('a'), ARN: arnOf('a', 2) };
  const { secrets, recalled } = importOf(listOf(page('a'), page('b'), page('c'), page('d'), other), 2);
  expect(secrets.map(({ secret: { project } }) => project)).toEqual([arnOf('a', 1), null, null, null, arnOf('a', 2)]);
  expect(recalled).toContain(0);
});

test('startImport loses a secret whose documents are recalled without it', () => {
  const names: string[] = [];
  const { add, end } = startImport(({ state }) => names.push(state.name), {
    limits: {
      most: 0,
      recall: () => ({ name: 'none', json: [] }),
      forget: (places) => expect(places).toContain('0,0,0'),
    },
  });
  for (const document of listOf(page('a'), page('b'), page('c'), described('a'))) add(document);
  expect(end().ok).toBe(true);
  expect(names.sort()).toEqual(['a', 'b', 'c']);
});
