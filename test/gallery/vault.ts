import {
  huaweiCsms,
  type RefusalCode,
  type SecretAction,
  type SecretState,
  type SecretStatus,
} from '../../src/index.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from '../../src/testing/drivers/driver.ts';

/** The faults that a vault can have, one at a time. `faults.ts` describes each. */
export type FaultId =
  | 'stage-on-two-versions'
  | 'robbed-by-a-failed-move'
  | 'no-stage-limit'
  | 'limit-counts-a-move'
  | 'limit-of-eleven'
  | 'limit-of-thirteen'
  | 'prune-takes-a-marked-version'
  | 'prune-forgets-one'
  | 'built-in-removed'
  | 'id-issued-again'
  | 'stale-reads'
  | 'previous-left-behind'
  | 'custom-stages-lost'
  | 'input-changed'
  | 'seconds'
  | 'batch-half-done'
  | 'proto-lost'
  | 'listed-stage-on-two-versions'
  | 'previous-on-two-versions'
  | 'list-ignored'
  | 'no-version-limit'
  | 'removal-takes-others'
  | 'removed-stage-returns'
  | 'deprecated-is-final'
  | 'pending-takes-stages'
  | 'deletion-scheduled-twice'
  | 'restore-unasked'
  | 'restore-loses-stages'
  | 'all-times-change'
  | 'any-name'
  | 'wrong-code'
  | 'removed-stage-answers'
  | 'time-stays';

interface VersionRow {
  readonly id: string;
  readonly createTime: number;
  /** The stages of this version by name, each with the time of its assignment. */
  readonly marks: Map<string, number>;
}

interface SecretRow {
  status: SecretStatus;
  scheduledDeleteTime: number | null;
  /** In the order of creation. */
  versions: VersionRow[];
  /** The id of the version with the current stage, for quick reads. */
  currentId: string | undefined;
  /** The highest number of the ids of the series v1, v2, … so far. */
  lastNumber: number;
  /** Removed stages, for the faults that do not remove them completely. */
  readonly removed: { readonly stage: string; readonly version: VersionRow; readonly time: number }[];
}

const [current, previous, mostVersions] = ['SYSCURRENT', 'SYSPREVIOUS', 20];
const builtIns = [current, previous];
const day = 24 * 60 * 60 * 1000;
const mostStagesWith: { readonly [Id in FaultId]?: number } = {
  'no-stage-limit': Number.POSITIVE_INFINITY,
  'limit-of-eleven': 11,
  'limit-of-thirteen': 13,
};

/**
 * An implementation of secrets that shares no code with `src`: rows that change in place, with each rule where it is needed. It
 * behaves like the model, except for the fault that it is created with.
 */
export class Vault implements SecretDriver {
  readonly actions: readonly SecretAction['type'][] = [
    'createVersion',
    'assignStage',
    'removeStage',
    'pruneDeprecated',
    'scheduleDeletion',
    'restore',
    'setStatus',
  ];
  readonly takesTime = true;
  readonly prunesWhenAsked = true;
  readonly #secrets = new Map<string, SecretRow>();
  readonly #fault: FaultId | undefined;
  readonly #mostStages: number;

  constructor(fault?: FaultId) {
    this.#fault = fault;
    this.#mostStages = (fault && mostStagesWith[fault]) ?? 12;
  }

  async create(name: string, at: number): Promise<DriverAnswer> {
    if (!isTime(at) || !isName(name, huaweiCsms.secret.name)) return refuse('INVALID_VALUE');
    // The model has one secret, so it has no code for a name in use.
    if (this.#secrets.has(name)) return { ok: false };
    const version = { id: 'v1', createTime: at, marks: new Map([[current, at]]) };
    this.#secrets.set(name, {
      status: 'ENABLED',
      scheduledDeleteTime: null,
      versions: [version],
      currentId: version.id,
      lastNumber: 1,
      removed: [],
    });
    return { ok: true, versionId: version.id, stages: [current] };
  }

  /** Loads a secret of the model under its name, and replaces an existing one. */
  load(state: SecretState): void {
    const versions = Object.values(state.versions)
      .sort((one, other) => one.ordinal - other.ordinal)
      .map(({ id, createTime }) => ({ id, createTime, marks: new Map<string, number>() }));
    for (const { name, versionId, updateTime } of state.stages) {
      versions.find(({ id }) => id === versionId)?.marks.set(name, updateTime);
    }
    this.#secrets.set(state.name, {
      status: state.status,
      scheduledDeleteTime: state.scheduledDeleteTime,
      versions,
      currentId: state.stages.find(({ name }) => name === current)?.versionId,
      lastNumber: state.lastNumber,
      removed: [],
    });
  }

  async act(name: string, action: SecretAction): Promise<DriverAnswer> {
    const answer = this.#do(this.#row(name), action);
    return answer.ok || this.#fault !== 'wrong-code' ? answer : refuse('INVALID_VALUE');
  }

  #do(secret: SecretRow, action: SecretAction): DriverAnswer {
    switch (action?.type) {
      case 'createVersion':
        return this.#createVersion(secret, action);
      case 'assignStage':
        return this.#assignStage(secret, action);
      case 'removeStage':
        return this.#removeStage(secret, action);
      case 'pruneDeprecated':
        return this.#pruneDeprecated(secret, action);
      case 'scheduleDeletion':
        return this.#scheduleDeletion(secret, action);
      case 'restore':
        return this.#restore(secret, action);
      case 'setStatus':
        return this.#setStatus(secret, action);
      default:
        return refuse('UNKNOWN_ACTION');
    }
  }

  async show(name: string): Promise<ShownSecret> {
    const { status, scheduledDeleteTime, versions, currentId, removed } = this.#row(name);
    const timeOf = (time: number) => (this.#fault === 'seconds' ? Math.floor(time / 1000) : time);
    const stages = new Map<string, { name: string; versionId: string; updateTime: number }>();
    for (const { id, marks } of versions) {
      for (const [stage, time] of marks) {
        if (stages.has(stage)) continue;
        const versionId = stage === current ? (currentId ?? id) : id;
        stages.set(stage, { name: stage, versionId, updateTime: timeOf(time) });
      }
    }
    for (const { stage, version, time } of this.#fault === 'removed-stage-answers' ? removed : []) {
      if (!stages.has(stage)) stages.set(stage, { name: stage, versionId: version.id, updateTime: time });
    }
    return {
      status,
      scheduledDeleteTime,
      versions: versions.map(({ id, createTime, marks }) => ({
        id,
        createTime: timeOf(createTime),
        stages: [...marks.keys()].sort(),
      })),
      stages: [...stages.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
      latest: currentId ?? byAge(versions).at(-1)?.id ?? null,
    };
  }

  async remove(name: string): Promise<void> {
    this.#secrets.delete(name);
  }

  #createVersion(secret: SecretRow, action: SecretAction<'createVersion'>): DriverAnswer {
    const { at, versionId: chosenId, stages: listed, withoutValue = false } = action;
    if (secret.status !== 'ENABLED') return refuse('SECRET_NOT_ENABLED');
    if (!isTime(at)) return refuse('INVALID_VALUE');
    const id = chosenId ?? this.#nextId(secret);
    if (!isName(id, huaweiCsms.versions.id) || numberOf(id) > 1e15) return refuse('INVALID_VALUE');
    if (withoutValue !== false) return refuse('INVALID_VALUE');
    if (this.#isTaken(secret, id)) return refuse('VERSION_ID_TAKEN');
    if (listed !== undefined && !Array.isArray(listed)) return refuse('INVALID_VALUE');
    if (listed && this.#fault === 'batch-half-done') return this.#createVersionStepwise(secret, at, chosenId, listed);
    for (const stage of listed ?? []) if (!isName(stage, huaweiCsms.stages.name)) return refuse('INVALID_VALUE');
    if (listed && this.#fault !== 'no-stage-limit' && listed.length > 12) return refuse('STAGE_LIST_LIMIT');

    const left = holderOf(secret, current);
    const before = namesOf(secret);
    const after = new Set([...before, ...(listed ?? [current, ...(left ? [previous] : [])])]);
    if (after.size > before.size && after.size > this.#mostStages) {
      return refuse(listed ? 'STAGE_LIST_LIMIT' : 'STAGE_LIMIT');
    }
    if (!this.#makeRoom(secret)) return refuse('VERSION_LIMIT');

    const version = this.#addVersion(secret, at, chosenId);
    const isListed = listed !== undefined && this.#fault !== 'list-ignored';
    const taken = isListed ? this.#distinct(listed) : [current];
    for (const stage of taken) {
      this.#put(secret, stage, version, at, isListed && this.#fault === 'listed-stage-on-two-versions');
    }
    if (!isListed && left && this.#fault !== 'previous-left-behind') {
      this.#put(secret, previous, left, at, this.#fault === 'previous-on-two-versions');
    }
    if (listed && this.#fault === 'input-changed') {
      Reflect.set(listed, 'length', 0);
      return { ok: true, versionId: version.id, stages: listed };
    }
    return { ok: true, versionId: version.id, stages: [...version.marks.keys()].sort() };
  }

  #createVersionStepwise(
    secret: SecretRow,
    at: number,
    chosenId: string | undefined,
    listed: readonly string[],
  ): DriverAnswer {
    if (listed.length > 12) return refuse('STAGE_LIST_LIMIT');
    if (!this.#makeRoom(secret)) return refuse('VERSION_LIMIT');
    const version = this.#addVersion(secret, at, chosenId);
    for (const stage of listed) {
      if (!isName(stage, huaweiCsms.stages.name)) return refuse('INVALID_VALUE');
      if (!holderOf(secret, stage) && namesOf(secret).size >= this.#mostStages) return refuse('STAGE_LIST_LIMIT');
      this.#put(secret, stage, version, at);
    }
    return { ok: true, versionId: version.id, stages: [...version.marks.keys()].sort() };
  }

  #assignStage(secret: SecretRow, { stage, versionId, at, from }: SecretAction<'assignStage'>): DriverAnswer {
    const mayMove =
      secret.status === 'ENABLED' || (secret.status === 'PENDING_DELETE' && this.#fault === 'pending-takes-stages');
    if (!mayMove) return refuse('SECRET_NOT_ENABLED');
    if (!isTime(at)) return refuse('INVALID_VALUE');
    const holder = holderOf(secret, stage);
    const holderId = holder?.id ?? null;
    const name = this.#fault === 'any-name' ? '.+' : huaweiCsms.stages.name;
    if (!holder && !isName(stage, name)) return refuse('INVALID_VALUE');
    if (this.#fault === 'robbed-by-a-failed-move') holder?.marks.delete(stage);
    const version = secret.versions.find(({ id }) => id === versionId);
    if (!version) return refuse('UNKNOWN_VERSION');
    if (from !== undefined && from !== holderId) return refuse('WRONG_HOLDER');
    if (version.marks.size === 0 && this.#fault === 'deprecated-is-final') return refuse('UNKNOWN_VERSION');
    const counts = !holder || this.#fault === 'limit-counts-a-move';
    if (counts && namesOf(secret).size >= this.#mostStages) return refuse('STAGE_LIMIT');

    const [currentId, time] = [secret.currentId, holder?.marks.get(stage)];
    this.#put(secret, stage, version, at, this.#fault === 'stage-on-two-versions');
    if (this.#fault === 'stale-reads') secret.currentId = currentId;
    if (this.#fault === 'time-stays') version.marks.set(stage, time ?? at);
    if (this.#fault === 'custom-stages-lost' && stage === current && holder !== version) {
      dropCustomStages(version);
    }
    if (this.#fault === 'all-times-change') {
      for (const { marks } of secret.versions) for (const other of marks.keys()) marks.set(other, at);
    }
    for (const lost of this.#fault === 'removed-stage-returns' ? secret.removed.splice(0) : []) {
      if (secret.versions.includes(lost.version) && !holderOf(secret, lost.stage)) {
        this.#put(secret, lost.stage, lost.version, lost.time);
      }
    }
    return { ok: true };
  }

  #removeStage(secret: SecretRow, { stage, at, from }: SecretAction<'removeStage'>): DriverAnswer {
    if (secret.status !== 'ENABLED') return refuse('SECRET_NOT_ENABLED');
    if (!isTime(at)) return refuse('INVALID_VALUE');
    const holder = holderOf(secret, stage);
    const isHeld = holder !== undefined && (from === undefined || from === holder.id);
    // Other refusals stay, so that the fault shows in only one way.
    if (builtIns.includes(stage) && !(this.#fault === 'built-in-removed' && isHeld)) {
      return refuse('BUILT_IN_STAGE');
    }
    if (!holder) return refuse('UNKNOWN_STAGE');
    if (!isHeld) return refuse('WRONG_HOLDER');

    const time = holder.marks.get(stage) ?? at;
    holder.marks.delete(stage);
    secret.removed.push({ stage, version: holder, time });
    if (this.#fault === 'removal-takes-others') dropCustomStages(holder);
    return { ok: true };
  }

  #pruneDeprecated(secret: SecretRow, { keep = 0, createdBefore }: SecretAction<'pruneDeprecated'>): DriverAnswer {
    if (!Number.isSafeInteger(keep) || keep < 0) return refuse('INVALID_VALUE');
    if (createdBefore !== undefined && !isTime(createdBefore)) return refuse('INVALID_VALUE');
    const unmarked = this.#unmarked(secret);
    const dropped = unmarked
      .slice(0, Math.max(0, unmarked.length - keep))
      .filter(({ createTime }) => createdBefore === undefined || createTime < createdBefore);
    this.#drop(secret, dropped);
    return { ok: true };
  }

  #scheduleDeletion(
    secret: SecretRow,
    { at, recoveryWindowInDays = 30 }: SecretAction<'scheduleDeletion'>,
  ): DriverAnswer {
    if (secret.status === 'PENDING_DELETE' && this.#fault !== 'deletion-scheduled-twice') {
      return refuse('DELETION_ALREADY_SCHEDULED');
    }
    const isWindow = Number.isInteger(recoveryWindowInDays) && recoveryWindowInDays >= 7 && recoveryWindowInDays <= 30;
    const due = at + recoveryWindowInDays * day;
    if (!isWindow || !isTime(at) || !isTime(due)) return refuse('INVALID_VALUE');
    secret.status = 'PENDING_DELETE';
    secret.scheduledDeleteTime = due;
    return { ok: true };
  }

  #restore(secret: SecretRow, { at }: SecretAction<'restore'>): DriverAnswer {
    if (secret.status !== 'PENDING_DELETE' && this.#fault !== 'restore-unasked') {
      return refuse('DELETION_NOT_SCHEDULED');
    }
    if (!isTime(at)) return refuse('INVALID_VALUE');
    secret.status = 'ENABLED';
    secret.scheduledDeleteTime = null;
    if (this.#fault === 'restore-loses-stages') for (const version of secret.versions) dropCustomStages(version);
    return { ok: true };
  }

  #setStatus(secret: SecretRow, { at, status }: SecretAction<'setStatus'>): DriverAnswer {
    if (secret.status === 'PENDING_DELETE') return refuse('SECRET_NOT_ENABLED');
    if (!isTime(at)) return refuse('INVALID_VALUE');
    if (status !== 'ENABLED' && status !== 'DISABLED' && status !== 'FROZEN') return refuse('INVALID_VALUE');
    secret.status = status;
    return { ok: true };
  }

  #row(name: string): SecretRow {
    const secret = this.#secrets.get(name);
    if (!secret) throw new Error(`Secret ${JSON.stringify(name)} does not exist.`);
    return secret;
  }

  #isTaken(secret: SecretRow, id: string): boolean {
    const isPassed = numberOf(id) <= secret.lastNumber && numberOf(id) > 0;
    return secret.versions.some((version) => version.id === id) || (isPassed && this.#fault !== 'id-issued-again');
  }

  /** Returns the next id of the series. */
  #nextId(secret: SecretRow): string {
    let number = this.#fault === 'id-issued-again' ? 1 : secret.lastNumber + 1;
    while (this.#isTaken(secret, `v${number}`)) number++;
    return `v${number}`;
  }

  /** Adds a version without a stage, with the chosen id or the next one. */
  #addVersion(secret: SecretRow, at: number, chosenId: string | undefined): VersionRow {
    const id = chosenId ?? this.#nextId(secret);
    const version = { id, createTime: at, marks: new Map<string, number>() };
    secret.versions.push(version);
    secret.lastNumber = Math.max(secret.lastNumber, numberOf(id));
    return version;
  }

  /** Drops the oldest unmarked version if the secret is full. Returns false if there is none. */
  #makeRoom(secret: SecretRow): boolean {
    if (secret.versions.length < mostVersions || this.#fault === 'no-version-limit') return true;
    const [oldest] = this.#unmarked(secret);
    if (!oldest) return false;
    this.#drop(secret, [oldest]);
    return true;
  }

  #unmarked({ versions }: SecretRow): readonly VersionRow[] {
    const isUnmarked =
      this.#fault === 'prune-takes-a-marked-version'
        ? ({ marks }: VersionRow) => !builtIns.some((stage) => marks.has(stage))
        : ({ marks }: VersionRow) => marks.size === 0;
    return byAge(versions.filter(isUnmarked));
  }

  /** Deletes versions, to prune or to make room. */
  #drop(secret: SecretRow, versions: readonly VersionRow[]): void {
    const going = this.#fault === 'prune-forgets-one' ? versions.slice(0, -1) : versions;
    secret.versions = secret.versions.filter((version) => !going.includes(version));
  }

  #put(secret: SecretRow, stage: string, version: VersionRow, at: number, stays = false): void {
    if (!stays) for (const { marks } of secret.versions) marks.delete(stage);
    version.marks.set(stage, at);
    if (stage === current) secret.currentId = version.id;
  }

  #distinct(stages: readonly string[]): readonly string[] {
    if (this.#fault !== 'proto-lost') return stages;
    const seen: Record<string, boolean> = {};
    for (const stage of stages) seen[stage] = true;
    return Object.keys(seen);
  }
}

const refuse = (code: RefusalCode): DriverAnswer => ({ ok: false, reasons: [code] });

const isTime = (time: unknown): boolean =>
  typeof time === 'number' && Number.isInteger(time) && !Object.is(time, -0) && time >= 0 && time <= 8.64e15;

const isName = (name: unknown, pattern: string): boolean =>
  typeof name === 'string' && new RegExp(`^(?:${pattern})$`, 's').exec(name) !== null;

/** The number of an id of the series, and 0 of any other. */
const numberOf = (id: string): number => (/^v[1-9]\d*$/.test(id) ? Number(id.slice(1)) : 0);

const holderOf = ({ versions }: SecretRow, stage: string): VersionRow | undefined =>
  versions.find(({ marks }) => marks.has(stage));

const namesOf = ({ versions }: SecretRow): Set<string> => new Set(versions.flatMap(({ marks }) => [...marks.keys()]));

const dropCustomStages = ({ marks }: VersionRow): void => {
  for (const stage of marks.keys()) if (!builtIns.includes(stage)) marks.delete(stage);
};

/** Oldest first. The sort is stable, so of two of the same time the one that was created first stays first. */
const byAge = (versions: readonly VersionRow[]): VersionRow[] =>
  [...versions].sort((one, other) => one.createTime - other.createTime);
