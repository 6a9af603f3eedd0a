import * as fc from 'fast-check';
import { huaweiCsms, isAlwaysCurrent, isRough, statusesOf } from '../../dialects/index.ts';
import { lastInSeries, lastTime } from '../../limits.ts';
import type { SecretState, SecretStatus } from '../../state.ts';
import { quote } from '../../text.ts';
import { build, type Description, descriptionOf, earliestDue, type Mark } from './description.ts';
import { fingerprintFor } from './fingerprint.ts';
import { type NameOptions, secretName, seriesOf, stageName, stageWords, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { timeFor } from './time.ts';

/** The options of {@link secretState}. */
export interface SecretStateOptions extends NameOptions {
  /** The maximum number of versions. If omitted, the limit of the dialect, up to 100, and a few more if it is approximate. */
  readonly maxVersions?: number | undefined;
  /** The maximum number of stages. If omitted, the limit of the dialect, up to 100. */
  readonly maxStages?: number | undefined;
  /** The maximum number of pruned versions. If omitted, 5. */
  readonly maxPruned?: number | undefined;
  /** The status of every secret. If omitted, any status of the dialect. */
  readonly status?: SecretStatus | undefined;
}

/**
 * Generates frozen secrets of every kind. They are new, full and pruned, have ids of the series and chosen ids, every status, and
 * times that repeat and go back. They shrink piece by piece (a version, a stage, a name, a time) to `createSecret({ name: 'db', at: 0 })`, or
 * to a secret without a version if the first one may come later.
 *
 * All obey the laws of the dialect. In CSMS the operations can make each of them. In other dialects some exist only as imports:
 * secrets without versions that the cloud keeps (`versions.prune`), with more versions than an approximate limit, with versions but
 * no current one (`secret.firstVersion`), or with a stage that the operations would have moved (`stages.previousFollows`).
 *
 * @throws {RangeError} if the dialect does not have `status`.
 *
 * @example
 * secretState().canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // true
 * secretState({ status: 'FROZEN' }).canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // false
 * const later = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
 * secretState({ dialect: googleSecretManager }).canShrinkWithoutContext(later); // true
 */
export function secretState(options: SecretStateOptions = {}): fc.Arbitrary<SecretState> {
  const { dialect = huaweiCsms, maxPruned = 5, status } = options;
  const { current, limit: stagesAllowed } = dialect.stages;
  const statuses = statusesOf(dialect);
  if (status !== undefined && !statuses.includes(status))
    throw new RangeError(`status must be ${statuses.join(' or ')}; got ${quote(status)}.`);
  const limit = dialect.versions.limit?.most ?? Number.POSITIVE_INFINITY;
  const more = isRough(dialect.versions) ? aFew : 0;
  // With a limit of one version, none is ever pruned. The pattern of ids may end their series.
  const asked = Math.min(options.maxVersions ?? enough + more, limit + more);
  const mostMade = limit > 1 ? seriesOf(dialect, asked + maxPruned).length : 1;
  const mostVersions = Math.min(asked, mostMade);
  const mostStages = Math.min(options.maxStages ?? enough, stagesAllowed);

  const anyId = versionId({ dialect });
  const id = shrunkAs(
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyId }),
    fc.option(anyId, { nil: undefined }),
  );
  const other = stageName({ dialect }).filter((name) => name !== current);
  const isNamed = stageWords(dialect).some((word) => word !== current);
  const mostOthers = isNamed ? mostStages - (current === null ? 0 : 1) : 0;
  const time = timeFor(dialect);
  const withoutValue = shrunkAs(
    dialect.versions.mayAwaitValue ? fc.nat(3).map((one) => one === 0) : fc.constant(false),
    fc.boolean(),
  );
  const mark = (name: fc.Arbitrary<string>) => fc.tuple(name, fc.nat(mostVersions - 1), time);
  const onNone = fc.constant(null);
  const onSome = current === null ? onNone : mark(fc.constant(current));
  const onMost = fc.oneof({ weight: 1, arbitrary: onNone }, { weight: 9, arbitrary: onSome });
  const description: fc.Arbitrary<Description> = fc.record({
    name: secretName({ dialect }),
    status: status === undefined ? fc.constantFrom('ENABLED', 'ENABLED', ...statuses) : fc.constant(status),
    due: fc.integer({ min: earliestDue(dialect), max: lastTime }),
    versions: fc.array(fc.tuple(id, time, fingerprintFor(dialect), withoutValue), {
      minLength: dialect.secret.firstVersion === 'at-creation' ? 1 : 0,
      maxLength: mostVersions,
      size: 'max',
    }),
    pruned: fc.array(fc.nat(mostVersions), { maxLength: Math.min(maxPruned, mostMade - 1), size: 'max' }),
    current: isAlwaysCurrent(dialect) ? onSome : onMost,
    others: fc.uniqueArray(mark(other), { maxLength: mostOthers, size: 'max', selector: nameOf }),
    beyond: fc.option(fc.oneof(fc.nat(aFew), fc.nat(lastInSeries)), { nil: undefined, freq: 2 }),
  });
  return description
    .filter(({ versions, pruned }) => versions.length + pruned.length <= mostMade)
    .map(
      (described) => build(described, dialect),
      (value) => descriptionOf(value, dialect, mostMade),
    );
}

/** A dialect may allow more versions or stages than a test can wait for. */
const enough = 100;

/** How many versions a secret may have beyond an approximate limit. */
const aFew = 5;

const nameOf = ([name]: Mark) => name;
