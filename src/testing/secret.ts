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

/** A builder of a secret, from {@link secret}. Each call returns a new builder; a builder never changes. */
export interface SecretBuilder {
  /** Adds the next version, with exactly these stages. Without stages it is deprecated. An approximate limit does not apply. */
  readonly version: (id: string, ...stages: readonly string[]) => SecretBuilder;
  /**
   * Sets the status. If omitted, ENABLED. PENDING_DELETE schedules the deletion at the time of the newest version, with the default
   * recovery window.
   */
  readonly status: (status: SecretStatus) => SecretBuilder;
  /**
   * Builds the secret with the operations of the model. It has exactly the given versions and stages.
   *
   * @throws {Error} if there is no version or no current stage and the dialect requires one, if a version or a stage is given
   * twice, or if an operation refuses. The message says why.
   */
  readonly build: () => SecretState;
}

/**
 * Builds a secret that is easy to read in a test. Give its versions from the oldest to the newest, each with its stages. The first
 * version is created at 0, the next at 1000, and so on, in epoch milliseconds. Each stage has the time of its version.
 *
 * @example
 * const db = secret('db').version('v1', 'SYSCURRENT').version('v2', 'canary').build();
 * currentVersion(db); // 'v1'
 * stageOf(db, 'canary'); // { name: 'canary', versionId: 'v2', updateTime: 1000 }
 * const disabled = secret('db').version('v1').version('v2', 'SYSCURRENT').status('DISABLED');
 * deprecatedVersions(disabled.build()); // ['v1']
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
    throw fail('Every secret has a version. Add one with `version`.');
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

/** A dialect without side effects, in which no version is deleted: only what is given exists. */
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

/** Says what is given twice, if anything. */
const writtenTwice = ({ versions }: Written): string | undefined => {
  const holders = new Map<string, string>();
  const ids = new Set<string>();
  for (const { id, stages } of versions) {
    if (ids.has(id)) return `Version ${quote(id)} is given twice. Give it once.`;
    ids.add(id);
    for (const stage of stages) {
      const holder = holders.get(stage);
      if (holder === id) return `Stage ${quote(stage)} is given twice on version ${quote(id)}. Give it once.`;
      if (holder !== undefined) {
        const both = `version ${quote(holder)} and on version ${quote(id)}`;
        return `Stage ${quote(stage)} is given on ${both}. A stage marks one version.`;
      }
      holders.set(stage, id);
    }
  }
  return undefined;
};

/** Says that the current stage is missing, if the dialect requires it. */
const withoutCurrent = ({ versions }: Written, dialect: Dialect): string | undefined => {
  const { current } = dialect.stages;
  if (!isAlwaysCurrent(dialect) || versions.some(({ stages }) => stages.some((stage) => stage === current)))
    return undefined;
  return `Stage ${quote(`${current}`)} is missing. Give it to one version.`;
};
