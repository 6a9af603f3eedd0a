import fc from 'fast-check';
import { csms } from '../../dialects/huawei-csms.ts';
import { millisecondsADay } from '../../operations/lifecycle.ts';
import { type SecretState, type SecretStatus, statuses } from '../../state.ts';
import { describe } from './describe.ts';
import { build, type Description, type Mark } from './description.ts';
import { type NameOptions, secretName, seriesOf, stageName, stageWords, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { lastTime, time } from './time.ts';

/** What {@link secretState} takes. */
export interface SecretStateOptions extends NameOptions {
  /** The most versions it has. Left out: as many as the dialect allows, up to 100. */
  readonly maxVersions?: number | undefined;
  /** The most stages it has. Left out: as many as the dialect allows, up to 100. */
  readonly maxStages?: number | undefined;
  /** The most versions that it had and are gone. Left out: 5. */
  readonly maxPruned?: number | undefined;
  /** The only status it has. Left out: any. */
  readonly status?: SecretStatus | undefined;
}

/**
 * Secrets as the operations make them, frozen: new ones, full ones, pruned ones, with ids of the series and chosen ones, of
 * every status, and with times that repeat and go back. They shrink to `createSecret({ name: 'db', at: 0 })`, piece by
 * piece: a version, a stage, a name, a time. All obey the laws of the dialect; where it differs from CSMS in what stages
 * may do, some are such as its operations would not make.
 *
 * @example
 * secretState().canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // true
 * secretState({ status: 'FROZEN' }).canShrinkWithoutContext(createSecret({ name: 'db', at: 0 })); // false
 */
export const secretState = (options: SecretStateOptions = {}): fc.Arbitrary<SecretState> => {
  const { dialect = csms, maxPruned = 5, status } = options;
  const { currentStage, versionLimit, stageLimit, recoveryWindowInDays } = dialect;
  // Where one version is all there may be, none ever goes; and the pattern of ids may end their series.
  const asked = Math.min(options.maxVersions ?? enough, versionLimit);
  const mostIssued = versionLimit > 1 ? seriesOf(dialect, asked + maxPruned).length : 1;
  const mostVersions = Math.min(asked, mostIssued);
  const mostStages = Math.min(options.maxStages ?? enough, stageLimit);

  const anyId = versionId({ dialect });
  const id = shrunkAs(
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyId }),
    fc.option(anyId, { nil: undefined }),
  );
  const other = stageName({ dialect }).filter((name) => name !== currentStage);
  const mostOthers = stageWords(dialect).some((word) => word !== currentStage) ? mostStages - 1 : 0;
  const mark = (name: fc.Arbitrary<string>) => fc.tuple(name, fc.nat(mostVersions - 1), time);
  const description: fc.Arbitrary<Description> = fc.record({
    name: secretName({ dialect }),
    status: status === undefined ? fc.constantFrom('ENABLED', 'ENABLED', ...statuses) : fc.constant(status),
    due: fc.integer({ min: recoveryWindowInDays.least * millisecondsADay, max: lastTime }),
    versions: fc.array(fc.tuple(id, time), { minLength: 1, maxLength: mostVersions, size: 'max' }),
    gone: fc.array(fc.tuple(fc.nat(mostVersions), id), { maxLength: Math.min(maxPruned, mostIssued - 1), size: 'max' }),
    current: mark(fc.constant(currentStage)),
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

const nameOf = ([name]: Mark) => name;
