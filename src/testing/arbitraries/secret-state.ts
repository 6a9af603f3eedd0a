import fc from 'fast-check';
import { csms } from '../../dialects/huawei-csms.ts';
import type { SecretState, SecretStatus } from '../../state.ts';
import { isAlwaysCurrent } from '../offered.ts';
import { describe } from './describe.ts';
import { build, type Description, earliestDue, type Mark } from './description.ts';
import { fingerprintFor } from './fingerprint.ts';
import { type NameOptions, secretName, seriesOf, stageName, stageWords, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { lastTime, timeFor } from './time.ts';

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
 * piece: a version, a stage, a name, a time; to one without a version, where versions may come later.
 *
 * All obey the laws of the dialect. Under CSMS each is one that the operations make; under another dialect some are such as
 * only an import shows. They have lost versions that would have stayed (`deprecatedStay`), have more than the limit
 * (`versionLimitIsRough`) or versions and no current one (`versionsComeLater`), or a stage is where its dialect would not have
 * left or put it (`previousFollowsMove`, `previousFollowsListedCurrent`, `deprecatedIsFinal`).
 *
 * @throws {RangeError} for a status that the dialect does not have.
 *
 * @example
 * secretState().canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // true
 * secretState({ status: 'FROZEN' }).canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // false
 * const later = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
 * secretState({ dialect: googleSecretManager }).canShrinkWithoutContext(later); // true
 */
export const secretState = (options: SecretStateOptions = {}): fc.Arbitrary<SecretState> => {
  const { dialect = csms, maxPruned = 5, status } = options;
  const { currentStage, versionLimit, stageLimit, statuses } = dialect;
  if (status !== undefined && !statuses.includes(status))
    throw new RangeError(`A secret of ${dialect.name} is never ${status}.`);
  const limit = versionLimit ?? Number.POSITIVE_INFINITY;
  const more = dialect.versionLimitIsRough ? aFew : 0;
  // Where one version is all there may be, none ever goes; and the pattern of ids may end their series.
  const asked = Math.min(options.maxVersions ?? enough + more, limit + more);
  const mostIssued = limit > 1 ? seriesOf(dialect, asked + maxPruned).length : 1;
  const mostVersions = Math.min(asked, mostIssued);
  const mostStages = Math.min(options.maxStages ?? enough, stageLimit);

  const anyId = versionId({ dialect });
  const id = shrunkAs(
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyId }),
    fc.option(anyId, { nil: undefined }),
  );
  const other = stageName({ dialect }).filter((name) => name !== currentStage);
  const isNamed = stageWords(dialect).some((word) => word !== currentStage);
  const mostOthers = isNamed ? mostStages - (currentStage === null ? 0 : 1) : 0;
  const time = timeFor(dialect);
  const mark = (name: fc.Arbitrary<string>) => fc.tuple(name, fc.nat(mostVersions - 1), time);
  const onNone = fc.constant(null);
  const onSome = currentStage === null ? onNone : mark(fc.constant(currentStage));
  const onMost = fc.oneof({ weight: 1, arbitrary: onNone }, { weight: 9, arbitrary: onSome });
  const description: fc.Arbitrary<Description> = fc.record({
    name: secretName({ dialect }),
    status: status === undefined ? fc.constantFrom('ENABLED', 'ENABLED', ...statuses) : fc.constant(status),
    due: fc.integer({ min: earliestDue(dialect), max: lastTime }),
    versions: fc.array(fc.tuple(id, time, fingerprintFor(dialect)), {
      minLength: dialect.versionsComeLater ? 0 : 1,
      maxLength: mostVersions,
      size: 'max',
    }),
    gone: fc.array(fc.tuple(fc.nat(mostVersions), id), { maxLength: Math.min(maxPruned, mostIssued - 1), size: 'max' }),
    current: isAlwaysCurrent(dialect) ? onSome : onMost,
    others: fc.uniqueArray(mark(other), { maxLength: mostOthers, size: 'max', selector: nameOf }),
  });
  return description
    .filter(({ versions, gone }) => versions.length + gone.length <= mostIssued)
    .map(
      (described) => build(described, dialect),
      (value) => describe(value, dialect, mostIssued),
    );
};

/** A dialect may allow more than anybody waits for. */
const enough = 100;

/** How many more than a rough limit a secret may be seen with. */
const aFew = 5;

const nameOf = ([name]: Mark) => name;
