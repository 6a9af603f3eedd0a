import fc from 'fast-check';
import { huaweiCsms, isAlwaysCurrent, isRough, statusesOf } from '../../dialects/index.ts';
import { lastInSeries, lastTime } from '../../limits.ts';
import type { SecretState, SecretStatus } from '../../state.ts';
import { build, type Description, descriptionOf, earliestDue, type Mark } from './description.ts';
import { fingerprintFor } from './fingerprint.ts';
import { type NameOptions, secretName, seriesOf, stageName, stageWords, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { timeFor } from './time.ts';

/** What {@link secretState} takes. */
export interface SecretStateOptions extends NameOptions {
  /** The most versions it has. Left out: as many as the dialect allows, up to 100, and a few more if its limit is an about. */
  readonly maxVersions?: number | undefined;
  /** The most stages it has. Left out: as many as the dialect allows, up to 100. */
  readonly maxStages?: number | undefined;
  /** The most versions that it had and are gone. Left out: 5. */
  readonly maxPruned?: number | undefined;
  /** The only status it has. Left out: any of the dialect. */
  readonly status?: SecretStatus | undefined;
}

/**
 * Secrets as the operations make them, frozen: new ones, full ones, pruned ones, with ids of the series and chosen ones, of
 * every status, and with times that repeat and go back. They shrink to `createSecret({ name: 'db', at: 0 })`, piece by
 * piece: a version, a stage, a name, a time; to one without a version, where the first one may come later.
 *
 * All obey the laws of the dialect. Under CSMS the operations make each of them. Under another dialect only an import shows
 * some: secrets that have lost versions that the cloud keeps (`versions.prune`), that have more versions than a rough limit, or
 * versions and no current one (`secret.firstVersion`), or a stage that its dialect would have left or put elsewhere
 * (`stages.previousFollows`).
 *
 * @throws {RangeError} for a status that the dialect does not have.
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
    throw new RangeError(`A secret of ${dialect.title} is never ${status}.`);
  const limit = dialect.versions.limit?.most ?? Number.POSITIVE_INFINITY;
  const more = isRough(dialect.versions) ? aFew : 0;
  // Where one version is all there may be, none ever goes; and the pattern of ids may end their series.
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
  const mark = (name: fc.Arbitrary<string>) => fc.tuple(name, fc.nat(mostVersions - 1), time);
  const onNone = fc.constant(null);
  const onSome = current === null ? onNone : mark(fc.constant(current));
  const onMost = fc.oneof({ weight: 1, arbitrary: onNone }, { weight: 9, arbitrary: onSome });
  const description: fc.Arbitrary<Description> = fc.record({
    name: secretName({ dialect }),
    status: status === undefined ? fc.constantFrom('ENABLED', 'ENABLED', ...statuses) : fc.constant(status),
    due: fc.integer({ min: earliestDue(dialect), max: lastTime }),
    versions: fc.array(fc.tuple(id, time, fingerprintFor(dialect)), {
      minLength: dialect.secret.firstVersion === 'at-creation' ? 1 : 0,
      maxLength: mostVersions,
      size: 'max',
    }),
    gone: fc.array(fc.nat(mostVersions), { maxLength: Math.min(maxPruned, mostMade - 1), size: 'max' }),
    current: isAlwaysCurrent(dialect) ? onSome : onMost,
    others: fc.uniqueArray(mark(other), { maxLength: mostOthers, size: 'max', selector: nameOf }),
    beyond: fc.option(fc.oneof(fc.nat(aFew), fc.nat(lastInSeries)), { nil: undefined, freq: 2 }),
  });
  return description
    .filter(({ versions, gone }) => versions.length + gone.length <= mostMade)
    .map(
      (described) => build(described, dialect),
      (value) => descriptionOf(value, dialect, mostMade),
    );
}

/** A dialect may allow more than anybody waits for. */
const enough = 100;

/** How many more than a rough limit a secret may be seen with. */
const aFew = 5;

const nameOf = ([name]: Mark) => name;
