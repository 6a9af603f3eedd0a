// A naive second implementation of stages on secret versions: one state object, and every action an immer recipe
// that validates and mutates a draft. A differential test compares it with src, with which it shares no line.
import { produce } from 'immer';
import type { Dialect, SecretAction, SecretStatus } from '../../src/index.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

interface State {
  name: string;
  status: SecretStatus;
  scheduledDeleteTime: number | null;
  versions: { id: string; createTime: number }[];
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
const fits = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);
const holderOf = (state: State, stage: string): string | null =>
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

function hasTooManyStages(state: State, countBefore: number, dialect: Dialect): boolean {
  const free = dialect.freeStages ?? [];
  const counted = state.stages.filter(({ name }) => !free.includes(name));
  return state.stages.length > countBefore && counted.length > dialect.stageLimit;
}

/** The stage names of a list, which may be anything at run time; filter leaves out holes, too. */
function stageNames(list: unknown, dialect: Dialect): string[] {
  ensure(Array.isArray(list), 'INVALID_VALUE');
  const elements: unknown[] = list;
  const names = elements.filter((element) => fits(dialect.stageName, element));
  ensure(names.length === elements.length, 'INVALID_VALUE');
  ensure(names.length <= dialect.stageListLimit, 'STAGE_LIST_LIMIT');
  return names;
}

function createVersion(draft: State, { at, versionId, stages }: ActionOf<'createVersion'>, dialect: Dialect): void {
  const { currentStage, previousStage } = dialect;
  ensure(draft.status === 'ENABLED', 'SECRET_NOT_ENABLED');
  const id = versionId === undefined ? nextId(draft.issued, dialect.versionIdPrefix) : versionId;
  ensure(isTime(at) && fits(dialect.versionId, id), 'INVALID_VALUE');
  ensure(!draft.issued.includes(id), 'VERSION_ID_TAKEN');
  const names = stages === undefined ? [currentStage] : stageNames(stages, dialect);
  const deprecated = deprecatedIds(draft);
  const countBefore = draft.stages.length;
  const oldCurrent = holderOf(draft, currentStage);
  for (const name of names) moveStage(draft, name, id, at);
  const listedCurrent = names.includes(currentStage) && !names.includes(previousStage);
  const previousFollows = stages === undefined || (dialect.previousFollowsListedCurrent && listedCurrent);
  if (previousFollows && oldCurrent !== null) moveStage(draft, previousStage, oldCurrent, at);
  ensure(!hasTooManyStages(draft, countBefore, dialect), stages === undefined ? 'STAGE_LIMIT' : 'STAGE_LIST_LIMIT');
  if (draft.versions.length >= dialect.versionLimit) {
    ensure(deprecated.length > 0 && !dialect.versionLimitIsHard, 'VERSION_LIMIT');
    draft.versions = draft.versions.filter((version) => version.id !== deprecated[0]);
  }
  draft.versions.push({ id, createTime: at });
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
  ensure(!(dialect.deprecatedIsFinal && deprecatedIds(draft).includes(versionId)), 'DEPRECATED_VERSION');
  if (holder === versionId && dialect.repeatKeepsTime) return;
  const countBefore = draft.stages.length;
  moveStage(draft, stage, versionId, at);
  const currentLeaves = stage === dialect.currentStage && holder !== null && holder !== versionId;
  if (dialect.previousFollowsMove && currentLeaves) moveStage(draft, dialect.previousStage, holder, at);
  ensure(!hasTooManyStages(draft, countBefore, dialect), 'STAGE_LIMIT');
}

function removeStage(draft: State, { stage, at, from }: ActionOf<'removeStage'>, dialect: Dialect): void {
  ensure(draft.status === 'ENABLED' || dialect.stagesNeverRest === true, 'SECRET_NOT_ENABLED');
  ensure(isTime(at), 'INVALID_VALUE');
  ensure(!dialect.builtInStages.includes(stage), 'BUILT_IN_STAGE');
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
  const rest = deprecatedIds(draft).reverse().slice(keep);
  const isOld = (createTime: number) => createdBefore === undefined || createTime < createdBefore;
  draft.versions = draft.versions.filter(({ id, createTime }) => !(rest.includes(id) && isOld(createTime)));
}

function scheduleDeletion(draft: State, action: ActionOf<'scheduleDeletion'>, dialect: Dialect): void {
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

function setStatus(draft: State, { status, at }: ActionOf<'setStatus'>): void {
  ensure(draft.status !== 'PENDING_DELETE', 'SECRET_NOT_ENABLED');
  ensure(isTime(at) && ['ENABLED', 'DISABLED', 'FROZEN'].includes(status), 'INVALID_VALUE');
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
  else if (action?.type === 'setStatus') setStatus(draft, action);
  else throw new Refusal('UNKNOWN_ACTION');
}

export class NaiveImmer implements SecondOpinion {
  #state: State = { name: '', status: 'ENABLED', scheduledDeleteTime: null, versions: [], stages: [], issued: [] };
  #dialect: Dialect | undefined;

  create(request: { name: string; at: number; versionId?: string }, dialect: Dialect): string | null {
    this.#dialect = dialect;
    return this.#run((draft) => {
      const { name, at, versionId } = request;
      ensure(isTime(at) && fits(dialect.secretName, name), 'INVALID_VALUE');
      ensure(versionId === undefined || fits(dialect.versionId, versionId), 'INVALID_VALUE');
      const id = versionId ?? nextId(draft.issued, dialect.versionIdPrefix);
      draft.name = name;
      draft.versions.push({ id, createTime: at });
      draft.issued.push(id);
      draft.stages.push({ name: dialect.currentStage, versionId: id, updateTime: at });
    });
  }

  apply(action: SecretAction): string | null {
    const dialect = this.#dialect;
    if (dialect === undefined) throw new Error('create comes first');
    return this.#run((draft) => act(draft, action, dialect));
  }

  table(): Table {
    const { issued, ...shown } = this.#state;
    const stages = [...shown.stages].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { ...shown, stages, nextVersionId: nextId(issued, this.#dialect?.versionIdPrefix ?? '') };
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
