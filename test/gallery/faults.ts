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

/** A way to be wrong, and how it is found. */
export interface Fault {
  /** Also what makes a `Vault` have the fault. */
  readonly id: FaultId;
  readonly fault: string;
  /** The law that is named first where the vault is called in process. */
  readonly law: BrokenLaw;
  /** How many calls the shortest known reproduction has, the creation of the secret not counted. */
  readonly calls: number;
  /**
   * These calls on a new secret of the time {@link bornAt}; the last shows the fault, or the creation itself if there are none.
   * Give the vault a copy, for one fault changes what it is given.
   */
  readonly reproduction: readonly SecretAction[];
  /** The same over HTTP, where nobody prunes and nobody gives a time. */
  readonly lawOverHttp: BrokenLaw;
  readonly callsOverHttp: number;
  readonly reproductionOverHttp: readonly SecretAction[];
}

/** When the secret of a reproduction is created, in epoch milliseconds. Its calls follow a second after each other. */
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
    'A stage that moves also stays on the version that it was on.',
    'one-version-a-stage',
    at(newVersion(), put('SYSCURRENT', 'v1')),
  ),
  found(
    'robbed-by-a-failed-move',
    'A stage is taken off its version before the one that it is to move to is looked up.',
    'refused-changes-nothing',
    at(put('SYSCURRENT', 'v9')),
  ),
  found('no-stage-limit', 'A secret may have any number of stages.', 'stage-limit', at(newVersion(names(12)))),
  found(
    'limit-counts-a-move',
    'A secret with all the stages it may have cannot move one of them.',
    'stage-limit',
    at(newVersion(names(11)), put('SYSCURRENT', 'v2')),
  ),
  found('limit-of-eleven', 'A secret may have eleven stages.', 'stage-limit', at(newVersion(names(11)))),
  found('limit-of-thirteen', 'A secret may have thirteen stages.', 'stage-limit', at(newVersion(names(12)))),
  found(
    'prune-takes-a-marked-version',
    'A version counts as deprecated though a custom stage marks it, and goes with its stage.',
    'prunes-deprecated-only',
    at(newVersion(['canary']), prune),
    'prunes-deprecated-only',
    at(newVersion(['canary']), ...unmarkedVersions(19)),
  ),
  found(
    'prune-forgets-one',
    'The last of the versions that are to go stays, also where it was to make room.',
    'prunes-deprecated-only',
    at(newVersion([]), prune),
    'version-limit',
    at(...unmarkedVersions(20)),
  ),
  found(
    'built-in-removed',
    'A built-in stage can be removed like any other.',
    'built-in-stays',
    at(takeOff('SYSCURRENT')),
  ),
  found(
    'id-issued-again',
    'The number of a version that is gone is free again.',
    'ids-issued-once',
    at(newVersion([]), prune, newVersion([])),
    'ids-issued-once',
    at(...unmarkedVersions(20)),
  ),
  found(
    'stale-reads',
    'After a promotion, whoever reads the latest or asks for the current stage still gets the version from before.',
    'reads-follow',
    at(newVersion(), put('SYSCURRENT', 'v1')),
  ),
  found(
    'previous-left-behind',
    'The previous stage stays where it was when a new version takes the current one.',
    'new-version',
    at(newVersion()),
  ),
  found(
    'custom-stages-lost',
    'A version that the current stage moves to loses its custom stages.',
    'moves-one-stage',
    at(newVersion(['canary']), put('SYSCURRENT', 'v2')),
  ),
  found(
    'input-changed',
    'The list of stages for a new version is emptied on the way, and the answer says that it has none.',
    'input-untouched',
    at(newVersion(['canary'])),
    'new-version',
  ),
  found('seconds', 'The times of versions and stages are in seconds.', 'times', at()),
  found(
    'batch-half-done',
    'The stages for a new version are checked one by one as they are put on it; what was done before a refusal stays.',
    'refused-changes-nothing',
    at(newVersion(['canary', 'no name'])),
  ),
  found(
    'proto-lost',
    'The names of stages are gathered in a plain object, which takes no __proto__.',
    'new-version',
    at(newVersion(['__proto__'])),
  ),
  found(
    'listed-stage-on-two-versions',
    'A stage listed for a new version also stays on the version that it was on.',
    'one-version-a-stage',
    at(newVersion(['SYSCURRENT'])),
  ),
  found(
    'previous-on-two-versions',
    'The previous stage also stays where it was when a new version takes the current one.',
    'one-version-a-stage',
    at(newVersion(), newVersion()),
  ),
  found(
    'list-ignored',
    'A new version takes the current stage whatever stages are listed for it.',
    'new-version',
    at(newVersion([])),
  ),
  found('no-version-limit', 'A secret may have any number of versions.', 'version-limit', at(...unmarkedVersions(20))),
  found(
    'removal-takes-others',
    'Removing a stage takes the other custom stages off its version, too.',
    'removes-one-stage',
    at(newVersion(['blue', 'canary']), takeOff('canary')),
  ),
  found(
    'removed-stage-returns',
    'A stage that was removed is there again after the next move.',
    'moves-one-stage',
    at(put('canary', 'v1'), takeOff('canary'), put('SYSCURRENT', 'v1')),
  ),
  found(
    'deprecated-is-final',
    'No stage can be put on a deprecated version.',
    'done-or-refused',
    at(newVersion([]), put('canary', 'v2')),
  ),
  found(
    'pending-takes-stages',
    'Stages can be put on versions of a secret that waits for its deletion.',
    'done-or-refused',
    at(schedule, put('canary', 'v1')),
  ),
  found(
    'deletion-scheduled-twice',
    'A deletion that is scheduled can be scheduled again, which puts it off.',
    'done-or-refused',
    at(schedule, schedule),
  ),
  found('restore-unasked', 'A secret whose deletion is not scheduled can be restored.', 'done-or-refused', at(callOff)),
  found(
    'restore-loses-stages',
    'A restored secret has its built-in stages alone.',
    'status',
    at(put('canary', 'v1'), schedule, callOff),
  ),
  found(
    'all-times-change',
    'When a stage moves, every other one of the secret gets the time of that, too.',
    'times',
    at(put('canary', 'v1')),
  ),
  found('any-name', 'The names of new stages are not checked.', 'done-or-refused', at(put('no name', 'v1'))),
  found(
    'wrong-code',
    'Every refusal has the code of a bad value.',
    'refused-for-the-reason',
    at(takeOff('SYSCURRENT')),
  ),
  found(
    'removed-stage-answers',
    'A stage that was removed still answers whoever asks for it by its name.',
    'reads-follow',
    at(put('canary', 'v1'), takeOff('canary')),
  ),
  found(
    'time-stays',
    'A stage that is moved keeps the time of when it was put where it was.',
    'times',
    at(newVersion(['canary']), put('SYSCURRENT', 'v2')),
  ),
];

/** Where a fault like this was reported of an emulator that people use. Of the others there is no report to name. */
export const seenIn: { readonly [Id in FaultId]?: string } = {
  'listed-stage-on-two-versions': 'getmoto/moto issue 4906',
  'previous-on-two-versions': 'getmoto/moto issue 7425',
  'list-ignored': 'floci-io/floci issue 522',
  'removal-takes-others': 'localstack/localstack issue 10082',
  'deletion-scheduled-twice': 'floci-io/floci issue 2549',
  'any-name': 'localstack/localstack pull request 5645',
};
