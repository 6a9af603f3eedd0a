import type { SecretAction } from '../../src/index.ts';
import type { FaultId } from './vault.ts';

/** The laws of conformance that a fault of the gallery breaks. */
type BrokenLaw =
  | 'input-untouched'
  | 'refused-changes-nothing'
  | 'one-version-a-stage'
  | 'stage-limit'
  | 'version-limit'
  | 'built-in-stays'
  | 'ids-issued-once'
  | 'prunes-deprecated-only'
  | 'done-or-refused'
  | 'refused-for-the-reason'
  | 'new-version'
  | 'moves-one-stage'
  | 'removes-one-stage'
  | 'status'
  | 'times'
  | 'reads-follow';

/** A fault, and how it is found. */
export interface Fault {
  /** The argument of `Vault` that gives it the fault. */
  readonly id: FaultId;
  readonly fault: string;
  /** The law that the check reports for an implementation in process. */
  readonly law: BrokenLaw;
  /** The number of calls of the shortest known reproduction, without the creation of the secret. */
  readonly calls: number;
  /**
   * Calls on a new secret created at {@link bornAt}. The last call shows the fault, or the creation if there is none. Pass a copy:
   * one fault changes its arguments.
   */
  readonly reproduction: readonly SecretAction[];
  /** The same over HTTP, where calls cannot prune or pass a time. */
  readonly lawOverHttp: BrokenLaw;
  readonly callsOverHttp: number;
  readonly reproductionOverHttp: readonly SecretAction[];
}

/** The creation time of the secret of a reproduction, in epoch milliseconds. Calls follow one second apart. */
export const bornAt = 1_581_507_580_000;

type Step = (at: number) => SecretAction;

const newVersion =
  (stages?: readonly string[]): Step =>
  (at) => ({ type: 'createVersion', at, ...(stages && { stages }) });
const put =
  (stage: string, versionId: string): Step =>
  (at) => ({ type: 'assignStage', stage, versionId, at });
const takeOff =
  (stage: string): Step =>
  (at) => ({ type: 'removeStage', stage, at });
const prune: Step = () => ({ type: 'pruneDeprecated' });
const schedule: Step = (at) => ({ type: 'scheduleDeletion', at });
const callOff: Step = (at) => ({ type: 'restore', at });

const times = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => item(i));
const names = (count: number): readonly string[] => times(count, (index) => `stage-${index + 1}`);
const unmarkedVersions = (count: number): Step[] => times(count, () => newVersion([]));

const at = (...steps: readonly Step[]): readonly SecretAction[] =>
  steps.map((step, index) => step(bornAt + 1000 * (index + 1)));

const found = (
  id: FaultId,
  fault: string,
  law: BrokenLaw,
  reproduction: readonly SecretAction[],
  lawOverHttp: BrokenLaw = law,
  reproductionOverHttp: readonly SecretAction[] = reproduction,
): Fault => ({
  id,
  fault,
  law,
  calls: reproduction.length,
  reproduction,
  lawOverHttp,
  callsOverHttp: reproductionOverHttp.length,
  reproductionOverHttp,
});

/** The gallery. */
export const faults: readonly Fault[] = [
  found(
    'stage-on-two-versions',
    'A stage that moves also stays on its old version.',
    'one-version-a-stage',
    at(newVersion(), put('SYSCURRENT', 'v1')),
  ),
  found(
    'robbed-by-a-failed-move',
    'A move removes the stage from its version before it checks that the target version exists.',
    'refused-changes-nothing',
    at(put('SYSCURRENT', 'v9')),
  ),
  found('no-stage-limit', 'A secret can have any number of stages.', 'stage-limit', at(newVersion(names(12)))),
  found(
    'limit-counts-a-move',
    'In a secret with 12 stages no stage can move.',
    'stage-limit',
    at(newVersion(names(11)), put('SYSCURRENT', 'v2')),
  ),
  found('limit-of-eleven', 'A secret can have only 11 stages.', 'stage-limit', at(newVersion(names(11)))),
  found('limit-of-thirteen', 'A secret can have 13 stages.', 'stage-limit', at(newVersion(names(12)))),
  found(
    'prune-takes-a-marked-version',
    'A version with only custom stages counts as deprecated, and is deleted with its stages.',
    'prunes-deprecated-only',
    at(newVersion(['canary']), prune),
    'prunes-deprecated-only',
    at(newVersion(['canary']), ...unmarkedVersions(19)),
  ),
  found(
    'prune-forgets-one',
    'Pruning and making room delete one version too few.',
    'prunes-deprecated-only',
    at(newVersion([]), prune),
    'version-limit',
    at(...unmarkedVersions(20)),
  ),
  found('built-in-removed', 'A built-in stage can be removed.', 'built-in-stays', at(takeOff('SYSCURRENT'))),
  found(
    'id-issued-again',
    'The id of a deleted version is issued again.',
    'ids-issued-once',
    at(newVersion([]), prune, newVersion([])),
    'ids-issued-once',
    at(...unmarkedVersions(20)),
  ),
  found(
    'stale-reads',
    'After a promotion, reading the latest version or the current stage returns the old version.',
    'reads-follow',
    at(newVersion(), put('SYSCURRENT', 'v1')),
  ),
  found(
    'previous-left-behind',
    'The previous stage does not move when a new version takes the current stage.',
    'new-version',
    at(newVersion()),
  ),
  found(
    'custom-stages-lost',
    'A version loses its custom stages when the current stage moves to it.',
    'moves-one-stage',
    at(newVersion(['canary']), put('SYSCURRENT', 'v2')),
  ),
  found(
    'input-changed',
    'The call empties the list of stages that it was passed, and its response lists no stages.',
    'input-untouched',
    at(newVersion(['canary'])),
    'new-version',
  ),
  found('seconds', 'The times of versions and stages are in seconds.', 'times', at()),
  found(
    'batch-half-done',
    'The stages of a new version are checked and assigned one by one. A refusal does not undo the ones before it.',
    'refused-changes-nothing',
    at(newVersion(['canary', 'no name'])),
  ),
  found(
    'proto-lost',
    'Stage names are collected in a plain object, which loses __proto__.',
    'new-version',
    at(newVersion(['__proto__'])),
  ),
  found(
    'listed-stage-on-two-versions',
    'A stage listed for a new version also stays on its old version.',
    'one-version-a-stage',
    at(newVersion(['SYSCURRENT'])),
  ),
  found(
    'previous-on-two-versions',
    'The previous stage also stays on its old version when a new version takes the current stage.',
    'one-version-a-stage',
    at(newVersion(), newVersion()),
  ),
  found(
    'list-ignored',
    'A new version takes the current stage instead of the listed stages.',
    'new-version',
    at(newVersion([])),
  ),
  found('no-version-limit', 'A secret can have any number of versions.', 'version-limit', at(...unmarkedVersions(20))),
  found(
    'removal-takes-others',
    'Removing a stage also removes the other custom stages of its version.',
    'removes-one-stage',
    at(newVersion(['blue', 'canary']), takeOff('canary')),
  ),
  found(
    'removed-stage-returns',
    'A removed stage returns at the next move.',
    'moves-one-stage',
    at(put('canary', 'v1'), takeOff('canary'), put('SYSCURRENT', 'v1')),
  ),
  found(
    'deprecated-is-final',
    'No stage can move to a deprecated version.',
    'done-or-refused',
    at(newVersion([]), put('canary', 'v2')),
  ),
  found(
    'pending-takes-stages',
    'Stages can move while a deletion is scheduled.',
    'done-or-refused',
    at(schedule, put('canary', 'v1')),
  ),
  found(
    'deletion-scheduled-twice',
    'A scheduled deletion can be scheduled again, which postpones it.',
    'done-or-refused',
    at(schedule, schedule),
  ),
  found('restore-unasked', 'A secret without a scheduled deletion can be restored.', 'done-or-refused', at(callOff)),
  found(
    'restore-loses-stages',
    'A restored secret loses its custom stages.',
    'status',
    at(put('canary', 'v1'), schedule, callOff),
  ),
  found('all-times-change', 'A move also changes the times of all other stages.', 'times', at(put('canary', 'v1'))),
  found('any-name', 'The names of new stages are not checked.', 'done-or-refused', at(put('no name', 'v1'))),
  found(
    'wrong-code',
    'Every refusal has the code of an invalid value.',
    'refused-for-the-reason',
    at(takeOff('SYSCURRENT')),
  ),
  found(
    'removed-stage-answers',
    'A removed stage can still be read by its name.',
    'reads-follow',
    at(put('canary', 'v1'), takeOff('canary')),
  ),
  found(
    'time-stays',
    'A moved stage keeps its old time.',
    'times',
    at(newVersion(['canary']), put('SYSCURRENT', 'v2')),
  ),
];

/** Reports of similar faults in real emulators. The other faults have no known report. */
export const seenIn: { readonly [Id in FaultId]?: string } = {
  'listed-stage-on-two-versions': 'getmoto/moto issue 4906',
  'previous-on-two-versions': 'getmoto/moto issue 7425',
  'list-ignored': 'floci-io/floci issue 522',
  'removal-takes-others': 'localstack/localstack issue 10082',
  'deletion-scheduled-twice': 'floci-io/floci issue 2549',
  'any-name': 'localstack/localstack pull request 5645',
};
