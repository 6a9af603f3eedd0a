// A naive second implementation of stages on secret versions: one state object, and every action an immer recipe
// that validates and mutates a draft. A differential test compares it with src, with which it shares no line.
import { produce } from 'immer';
import type { CreateSecret, Dialect, SecretAction, SecretStatus } from '../../src/index.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

interface State {
  name: string;
  status: SecretStatus;
  scheduledDeleteTime: number | null;
  versions: { id: string; createTime: number; fingerprint: string | undefined }[];
  stages: { name: string; versionId: string; updateTime: number }[];
  issued: string[];
}

type ActionOf<Type extends SecretAction['type']> = Extract<SecretAction, { type: Type }>;
const DAY = 86_400_000;

/** Aborts a recipe; its message is the code of the refusal. */
class Refusal extends Error {}

function ensure(condition: boolean, code: string): asserts condition {
  if (!condition) throw new Refusal(code);
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 8.64e15 && !Object.is(value, -0);
const isMark = (value: unknown) => typeof value === 'string' && /^.{1,256}$/s.test(value);
const fits = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);
const holderOf = (state: State, stage: string | null): string | null =>
  state.stages.find(({ name }) => name === stage)?.versionId ?? null;

function moveStage(draft: State, name: string, versionId: string, at: number): void {
  draft.stages = draft.stages.filter((stage) => stage.name !== name);
  draft.stages.push({ name, versionId, updateTime: at });
}

/** The ids of the versions that no stage marks, oldest first. */
function deprecatedIds(state: State): string[] {
  const deprecated = state.versions.filter(({ id }) => !state.stages.some(({ versionId }) => versionId === id));
  return deprecated.sort((a, b) => a.createTime - b.createTime).map(({ id }) => id);
}

function nextId(issued: string[], prefix: string): string {
  let next = 1;
  while (issued.includes(`${prefix}${next}`)) next += 1;
  return `${prefix}${next}`;
}

/** How many stages there are that count. */
const countStages = (state: State, { freeStages = [] }: Dialect): number =>
  state.stages.filter(({ name }) => !freeStages.includes(name)).length;

/** The stage names of a list, which may be anything at run time; filter leaves out holes, too. */
function stageNames(list: unknown, dialect: Dialect): string[] {
  ensure(Array.isArray(list), 'INVALID_VALUE');
  const elements: unknown[] = list;
  const names = elements.filter((element) => fits(dialect.stageName, element));
  ensure(names.length === elements.length, 'INVALID_VALUE');
  ensure(names.length > 0 || !dialect.emptyListIsRefused, 'INVALID_VALUE');
  ensure(names.length <= dialect.stageListLimit, 'STAGE_LIST_LIMIT');
  return names;
}

function createVersion(draft: State, action: ActionOf<'createVersion'>, dialect: Dialect): void {
  const { at, versionId, stages, fingerprint } = action;
  const { currentStage, previousStage, versionLimit, deprecatedStayInHours: hours } = dialect;
  ensure(draft.status === 'ENABLED', 'SECRET_NOT_ENABLED');
  const id = versionId === undefined ? nextId(draft.issued, dialect.versionIdPrefix) : versionId;
  ensure(isTime(at) && fits(dialect.versionId, id), 'INVALID_VALUE');
  ensure(fingerprint === undefined || isMark(fingerprint), 'INVALID_VALUE');
  const repeats = fingerprint !== undefined && draft.versions.some((v) => v.id === id && v.fingerprint === fingerprint);
  if (dialect.repeatedIdChangesNothing && repeats) return;
  ensure(!draft.issued.includes(id), 'VERSION_ID_TAKEN');

  const names = stages === undefined ? [] : stageNames(stages, dialect);
  const deprecated = deprecatedIds(draft);
  const oldCurrent = holderOf(draft, currentStage);
  if (stages === undefined) draft.stages = draft.stages.filter(({ name }) => !dialect.clearedStages?.includes(name));
  const becomesCurrent = stages === undefined || (dialect.firstVersionIsCurrent === true && draft.issued.length === 0);
  if (becomesCurrent && currentStage !== null) names.push(currentStage);
  for (const name of names) moveStage(draft, name, id, at);
  if (currentStage !== null && previousStage !== null && oldCurrent !== null) {
    const follows = stages === undefined || dialect.previousFollowsListedCurrent === true;
    const listedBoth = names.includes(previousStage);
    if (follows && names.includes(currentStage) && !listedBoth) moveStage(draft, previousStage, oldCurrent, at);
  }
  ensure(countStages(draft, dialect) <= dialect.stageLimit, stages === undefined ? 'STAGE_LIMIT' : 'STAGE_LIST_LIMIT');

  if (versionLimit !== null && draft.versions.length >= versionLimit) {
    const leaver = draft.versions.find((version) => version.id === deprecated[0]);
    ensure(leaver !== undefined && !dialect.versionLimitIsHard, 'VERSION_LIMIT');
    const ageInHours = (at - leaver.createTime) / 3_600_000;
    const isYoung = hours !== undefined && ageInHours < hours;
    ensure(!isYoung, `VERSION_LIMIT until ${leaver.createTime + (hours ?? 0) * 3_600_000}`);
    draft.versions = draft.versions.filter((version) => version.id !== leaver.id);
  }
  draft.versions.push({ id, createTime: at, fingerprint });
  draft.issued.push(id);
}

function assignStage(draft: State, { stage, versionId, at, from }: ActionOf<'assignStage'>, dialect: Dialect): void {
  ensure(draft.status === 'ENABLED' || dialect.stagesNeverRest === true, 'SECRET_NOT_ENABLED');
  ensure(isTime(at), 'INVALID_VALUE');
  const holder = holderOf(draft, stage);
  ensure(holder !== null || fits(dialect.stageName, stage), 'INVALID_VALUE');
  const ids = draft.versions.map(({ id }) => id);
  ensure(ids.includes(versionId), 'UNKNOWN_VERSION');
  ensure(from === undefined || from === holder, 'WRONG_HOLDER');
  const isElsewhere = holder !== null && holder !== versionId;
  ensure(!(dialect.movesNeedHolder && from === undefined && isElsewhere), 'HOLDER_NOT_NAMED');
  ensure(!(dialect.deprecatedIsFinal && deprecatedIds(draft).includes(versionId)), 'DEPRECATED_VERSION');
  if (holder === versionId && dialect.repeatKeepsTime) return;
  moveStage(draft, stage, versionId, at);
  const isCurrent = stage === dialect.currentStage && dialect.previousStage !== null;
  if (dialect.previousFollowsMove && isCurrent && isElsewhere) moveStage(draft, dialect.previousStage, holder, at);
  ensure(countStages(draft, dialect) <= dialect.stageLimit, 'STAGE_LIMIT');
}

function removeStage(draft: State, { stage, at, from }: ActionOf<'removeStage'>, dialect: Dialect): void {
  ensure(draft.status === 'ENABLED' || dialect.stagesNeverRest === true, 'SECRET_NOT_ENABLED');
  ensure(isTime(at), 'INVALID_VALUE');
  const fixed = dialect.builtInStages.filter((name) => !dialect.removableStages?.includes(name));
  ensure(!fixed.includes(stage), 'BUILT_IN_STAGE');
  const holder = holderOf(draft, stage);
  ensure(holder !== null, 'UNKNOWN_STAGE');
  ensure(from === undefined || from === holder, 'WRONG_HOLDER');
  draft.stages = draft.stages.filter(({ name }) => name !== stage);
}

function pruneDeprecated(draft: State, action: ActionOf<'pruneDeprecated'>, dialect: Dialect): void {
  const { keep = 0, createdBefore } = action;
  ensure(draft.status === 'ENABLED' || !dialect.pruningNeedsEnabled, 'SECRET_NOT_ENABLED');
  ensure(Number.isSafeInteger(keep) && keep >= 0, 'INVALID_VALUE');
  ensure(createdBefore === undefined || isTime(createdBefore), 'INVALID_VALUE');
  if (dialect.deprecatedStay) return;
  const rest = deprecatedIds(draft).reverse().slice(keep);
  const isOld = (createTime: number) => createdBefore === undefined || createTime < createdBefore;
  draft.versions = draft.versions.filter(({ id, createTime }) => !(rest.includes(id) && isOld(createTime)));
}

function scheduleDeletion(draft: State, action: ActionOf<'scheduleDeletion'>, dialect: Dialect): void {
  ensure(dialect.recoveryWindowInDays !== null, 'ACTION_NOT_OFFERED');
  const { least, most, usual } = dialect.recoveryWindowInDays;
  const { at, recoveryWindowInDays: days = usual } = action;
  ensure(draft.status !== 'PENDING_DELETE', 'DELETION_ALREADY_SCHEDULED');
  ensure(draft.status === 'ENABLED' || !dialect.deletionNeedsEnabled, 'SECRET_NOT_ENABLED');
  ensure(Number.isInteger(days) && days >= least && days <= most, 'INVALID_VALUE');
  ensure(isTime(at) && isTime(at + days * DAY), 'INVALID_VALUE');
  draft.status = 'PENDING_DELETE';
  draft.scheduledDeleteTime = at + days * DAY;
}

function restore(draft: State, { at }: ActionOf<'restore'>): void {
  ensure(draft.status === 'PENDING_DELETE', 'DELETION_NOT_SCHEDULED');
  ensure(isTime(at), 'INVALID_VALUE');
  draft.status = 'ENABLED';
  draft.scheduledDeleteTime = null;
}

function setStatus(draft: State, { status, at }: ActionOf<'setStatus'>, { statuses }: Dialect): void {
  ensure(draft.status !== 'PENDING_DELETE', 'SECRET_NOT_ENABLED');
  const settable: readonly string[] = statuses.filter((known) => known !== 'PENDING_DELETE');
  ensure(isTime(at) && settable.includes(status), 'INVALID_VALUE');
  draft.status = status;
}

/** The action may be anything at run time, even null. */
function act(draft: State, action: SecretAction, dialect: Dialect): void {
  if (action?.type === 'createVersion') createVersion(draft, action, dialect);
  else if (action?.type === 'assignStage') assignStage(draft, action, dialect);
  else if (action?.type === 'removeStage') removeStage(draft, action, dialect);
  else if (action?.type === 'pruneDeprecated') pruneDeprecated(draft, action, dialect);
  else if (action?.type === 'scheduleDeletion') scheduleDeletion(draft, action, dialect);
  else if (action?.type === 'restore') restore(draft, action);
  else if (action?.type === 'setStatus') setStatus(draft, action, dialect);
  else throw new Refusal('UNKNOWN_ACTION');
}

export class NaiveImmer implements SecondOpinion {
  #state: State = { name: '', status: 'ENABLED', scheduledDeleteTime: null, versions: [], stages: [], issued: [] };

  create({ name, at, versionId, fingerprint }: CreateSecret, dialect: Dialect): string | null {
    return this.#run((draft) => {
      ensure(isTime(at) && fits(dialect.secretName, name), 'INVALID_VALUE');
      ensure(fingerprint === undefined || isMark(fingerprint), 'INVALID_VALUE');
      ensure(versionId !== null || (dialect.versionsComeLater === true && fingerprint === undefined), 'INVALID_VALUE');
      draft.name = name;
      if (versionId === null) return;
      const id = versionId === undefined ? nextId([], dialect.versionIdPrefix) : versionId;
      ensure(fits(dialect.versionId, id), 'INVALID_VALUE');
      draft.versions.push({ id, createTime: at, fingerprint });
      draft.issued.push(id);
      if (dialect.currentStage !== null) moveStage(draft, dialect.currentStage, id, at);
    });
  }

  apply(action: SecretAction, dialect: Dialect): string | null {
    return this.#run((draft) => act(draft, action, dialect));
  }

  table(dialect: Dialect): Table {
    const { issued, ...shown } = this.#state;
    const stages = [...shown.stages].sort((a, b) => (a.name < b.name ? -1 : 1));
    const byAge = [...shown.versions].sort((a, b) => a.createTime - b.createTime);
    const newest = dialect.latestIsCurrent ? undefined : byAge.at(-1)?.id;
    const latestVersion = holderOf(this.#state, dialect.currentStage) ?? newest;
    return { ...shown, stages, nextVersionId: nextId(issued, dialect.versionIdPrefix), latestVersion };
  }

  #run(recipe: (draft: State) => void): string | null {
    try {
      this.#state = produce(this.#state, recipe);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }
}
