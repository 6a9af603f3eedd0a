import { isAlwaysCurrent, isRough } from '../dialects/index.ts';
import {
  type BatchOutcome,
  type Dialect,
  defineDialect,
  explain,
  huaweiCsms,
  type Outcome,
  type SecretAction,
  type SecretState,
  type SecretStatus,
  tryApplyAll,
  tryCreateSecret,
} from '../index.ts';
import { quote } from '../text.ts';

/** A secret that is being written down, by {@link secret}. Each call gives another; none changes. */
export interface SecretBuilder {
  /** The next version, with exactly these stages on it. None: it is deprecated. It is there also past a rough limit. */
  readonly version: (id: string, ...stages: readonly string[]) => SecretBuilder;
  /** Left out: ENABLED. PENDING_DELETE is scheduled with the newest version, for the usual number of days later. */
  readonly status: (status: SecretStatus) => SecretBuilder;
  /**
   * The secret, as the operations of the model make it. What is written is what is there.
   *
   * @throws {Error} that says what cannot be: no version, or the current stage on none, where the dialect always has them; a
   * version or a stage twice; or the refusal of the operation.
   */
  readonly build: () => SecretState;
}

/**
 * A secret for the reader of a test: its versions from the oldest to the newest, each with its stages. The first was
 * created at 0, the next at 1000, and so on, in epoch milliseconds, and each stage has been where it is since its
 * version was created.
 *
 * @example
 * const db = secret('db').version('v1', 'SYSCURRENT').version('v2', 'canary').build();
 * currentVersion(db); // 'v1'
 * stageOf(db, 'canary'); // { name: 'canary', versionId: 'v2', updateTime: 1000 }
 * const resting = secret('db').version('v1').version('v2', 'SYSCURRENT').status('DISABLED');
 * deprecatedVersions(resting.build()); // ['v1']
 * const dialect = googleSecretManager;
 * const aliased = secret('db', { dialect }).version('1', 'prod').version('2');
 * latestVersion(aliased.build(), dialect); // '2'
 */
export function secret(
  name: string,
  { dialect = huaweiCsms }: { readonly dialect?: Dialect | undefined } = {},
): SecretBuilder {
  return builder({ name, versions: [], status: 'ENABLED' }, dialect);
}

interface Written {
  readonly name: string;
  readonly versions: readonly { readonly id: string; readonly stages: readonly string[] }[];
  readonly status: SecretStatus;
}

const builder = (written: Written, dialect: Dialect): SecretBuilder => ({
  version: (id, ...stages) => builder({ ...written, versions: [...written.versions, { id, stages }] }, dialect),
  status: (status) => builder({ ...written, status }, dialect),
  build: () => build(written, dialect),
});

const build = (written: Written, dialect: Dialect): SecretState => {
  const { name, versions, status } = written;
  const fail = (why: string) => new Error(`Secret ${quote(name)} cannot be built. ${why}`);
  const orFail = (outcome: Outcome | BatchOutcome): SecretState => {
    if (!outcome.ok) throw fail(explain(outcome.refusal));
    return outcome.state;
  };

  if (versions.length === 0 && dialect.secret.firstVersion === 'at-creation')
    throw fail('No version is written: every secret has one.');
  const why = writtenTwice(written) ?? withoutCurrent(written, dialect);
  if (why) throw fail(why);

  const literal = literally(dialect);
  const born = orFail(tryCreateSecret({ name, at: 0, versionId: null }, literal));
  const creations = versions.map(({ id, stages }, index) => {
    return { type: 'createVersion', versionId: id, stages, at: 1000 * index } as const;
  });
  const at = creations.at(-1)?.at ?? 0;
  const last: SecretAction =
    status === 'PENDING_DELETE' ? { type: 'scheduleDeletion', at } : { type: 'setStatus', status, at };
  return orFail(tryApplyAll(born, [...creations, last], literal));
};

/** A dialect under which nothing comes or follows by itself, and nothing makes room: only what is written exists. */
const literally = (dialect: Dialect): Dialect => {
  const { limit } = dialect.versions;
  return defineDialect(dialect, {
    secret: { firstVersion: 'may-come-later' },
    stages: { previousFollows: 'plain-version' },
    versions: {
      lists: { least: 0, most: Number.MAX_SAFE_INTEGER },
      limit: limit === null || isRough(dialect.versions) ? null : { most: limit.most, whenFull: 'refuse' },
    },
  });
};

/** What is written twice, in a sentence. */
const writtenTwice = ({ versions }: Written): string | undefined => {
  const holders = new Map<string, string>();
  const ids = new Set<string>();
  for (const { id, stages } of versions) {
    if (ids.has(id)) return `Version ${quote(id)} is written twice: write it once.`;
    ids.add(id);
    for (const stage of stages) {
      const holder = holders.get(stage);
      if (holder === id) return `Stage ${quote(stage)} is written twice on version ${quote(id)}: write it once.`;
      if (holder !== undefined) {
        const both = `version ${quote(holder)} and on version ${quote(id)}`;
        return `Stage ${quote(stage)} is written on ${both}: a stage marks one version, so write it on one.`;
      }
      holders.set(stage, id);
    }
  }
  return undefined;
};

/** That the current stage is missing, in a sentence, where the dialect always has it. */
const withoutCurrent = ({ versions }: Written, dialect: Dialect): string | undefined => {
  const { current } = dialect.stages;
  if (!isAlwaysCurrent(dialect) || versions.some(({ stages }) => stages.some((stage) => stage === current)))
    return undefined;
  return `Stage ${quote(`${current}`)} is written on no version: some version always has it, so write it on one.`;
};
