/**
 * A secret as a plain mutable table in the style of a relational database: an array of version rows and a map of stage
 * rows, changed in place once every check has passed. It exists to be compared with `src` in a differential test.
 */
import type { CreateSecret, Dialect, SecretAction, SecretStatus } from '../../src/index.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

interface VersionRow {
  id: string;
  createTime: number;
  fingerprint: string | undefined;
  hasValue: boolean;
}

interface StageRow {
  versionId: string;
  updateTime: number;
}

const LATEST_TIME = 8_640_000_000_000_000;
const LAST_NUMBER = 1_000_000_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export class MutableTable implements SecondOpinion {
  private name = '';
  private dialect = '';
  private status: SecretStatus = 'ENABLED';
  private scheduledDeleteTime: number | null = null;
  /** In the order of creation. */
  private versions: VersionRow[] = [];
  private stages = new Map<string, StageRow>();
  private versionsMade = 0;
  /** The highest number of the series that a version ever had. */
  private counter = 0;

  create({ name, at, versionId, fingerprint }: CreateSecret, rules: Dialect): string | null {
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!matches(name, rules.secret.name)) return 'INVALID_VALUE';
    if (!isFingerprint(fingerprint)) return 'INVALID_VALUE';
    const id = versionId === undefined ? this.nextVersionId(rules) : versionId;
    if (id === null) {
      if (rules.secret.firstVersion === 'at-creation') return 'INVALID_VALUE';
      if (fingerprint !== undefined) return 'INVALID_VALUE';
    } else if (!isId(id, rules)) return 'INVALID_VALUE';

    this.name = name;
    this.dialect = rules.id;
    if (id === null) return null;
    this.insertVersion(id, at, fingerprint, true, rules);
    if (rules.stages.current !== null) this.putStage(rules.stages.current, id, at);
    return null;
  }

  apply(action: SecretAction, rules: Dialect): string | null {
    if (this.dialect !== rules.id) return `WRONG_DIALECT: ${this.dialect}, not ${rules.id}`;
    switch (action?.type) {
      case 'createVersion':
        return this.createVersion(action, rules);
      case 'assignStage':
        return this.assignStage(action, rules);
      case 'removeStage':
        return this.removeStage(action, rules);
      case 'pruneDeprecated':
        return this.pruneDeprecated(action, rules);
      case 'scheduleDeletion':
        return this.scheduleDeletion(action, rules);
      case 'restore':
        return this.restore(action);
      case 'setStatus':
        return this.setStatus(action, rules);
      default:
        return 'UNKNOWN_ACTION';
    }
  }

  /** A transaction: a copy of the table is put back where an action is refused. */
  applyAll(actions: readonly SecretAction[], rules: Dialect): string | null {
    const { status, scheduledDeleteTime, versionsMade, counter } = this;
    const versions = this.versions.map((row) => ({ ...row }));
    const stages = new Map([...this.stages].map(([name, row]) => [name, { ...row }]));
    for (const [index, action] of actions.entries()) {
      const refusal = this.apply(action, rules);
      if (refusal === null) continue;
      Object.assign(this, { status, scheduledDeleteTime, versionsMade, counter, versions, stages });
      return `${index}: ${refusal}`;
    }
    return null;
  }

  table(rules: Dialect): Table {
    return {
      name: this.name,
      status: this.status,
      scheduledDeleteTime: this.scheduledDeleteTime,
      versions: this.versions.map((version) => ({ ...version })),
      stages: [...this.stages]
        .map(([name, row]) => ({ name, ...row }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
      versionsMade: this.versionsMade,
      nextVersionId: this.nextVersionId(rules),
      latestVersion: this.latestVersion(rules),
    };
  }

  private createVersion(action: SecretAction<'createVersion'>, rules: Dialect): string | null {
    const { at, versionId, stages, fingerprint, withoutValue } = action;
    if (this.status !== 'ENABLED') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    const id = versionId === undefined ? this.nextVersionId(rules) : versionId;
    if (!isId(id, rules)) return 'INVALID_VALUE';
    if (withoutValue !== undefined && typeof withoutValue !== 'boolean') return 'INVALID_VALUE';
    if (!isFingerprint(fingerprint)) return 'INVALID_VALUE';
    const hasValue = withoutValue !== true;
    if (!hasValue && (!rules.versions.mayAwaitValue || fingerprint !== undefined)) return 'INVALID_VALUE';
    const twin = this.versions.find((version) => version.id === id);
    const getsValue = twin !== undefined && !twin.hasValue && hasValue;
    if (twin !== undefined && !getsValue) {
      const sameContent = fingerprint !== undefined && twin.fingerprint === fingerprint;
      const sameAgain = hasValue ? sameContent : !twin.hasValue;
      return sameAgain && rules.versions.repeatedId === 'ignored' ? null : 'VERSION_ID_TAKEN';
    }
    const number = seriesNumber(id, rules);
    if (twin === undefined && number !== null && number <= this.counter) return 'VERSION_ID_TAKEN';
    if (!hasValue && this.rotationIsOpen(rules)) return 'ROTATION_INCOMPLETE';
    if (stages !== undefined) {
      if (!Array.isArray(stages)) return 'INVALID_VALUE';
      if (stages.length < rules.versions.lists.least) return 'INVALID_VALUE';
      for (const stage of stages) if (!matches(stage, rules.stages.name)) return 'INVALID_VALUE';
      if (stages.length > rules.versions.lists.most) return 'STAGE_LIST_LIMIT';
    }

    const { current, previous, pending, previousFollows } = rules.stages;
    const taken = new Set<string>(stages);
    let previousGoesTo: string | undefined;
    if (current !== null) {
      const isVeryFirst =
        hasValue && this.versionsMade === 0 && rules.secret.firstVersion === 'may-come-later-and-is-current';
      const isListed = taken.has(current);
      if (stages === undefined || isVeryFirst) taken.add(current);
      const follows = stages === undefined || (isListed && previousFollows !== 'plain-version');
      if (follows) previousGoesTo = this.stages.get(current)?.versionId;
    }
    if (previous === null || taken.has(previous) || previousGoesTo === id) previousGoesTo = undefined;
    const cleared = stages === undefined ? pending : null;
    const put = [...taken];
    if (previous !== null && previousGoesTo !== undefined) put.push(previous);
    if (this.tooManyStages(put, cleared, rules)) return stages === undefined ? 'STAGE_LIMIT' : 'STAGE_LIST_LIMIT';

    const { limit } = rules.versions;
    if (!getsValue && limit !== null && this.versions.length >= limit.most) {
      const [oldest] = this.deprecatedOldestFirst();
      if (limit.whenFull === 'refuse' || oldest === undefined) return 'VERSION_LIMIT';
      if (limit.sparedHours !== undefined) {
        const roomAt = oldest.createTime + limit.sparedHours * HOUR;
        if (at < roomAt) return `VERSION_LIMIT until ${roomAt}`;
      }
      this.deleteVersion(oldest);
    }
    if (getsValue) Object.assign(twin, { fingerprint, hasValue });
    else this.insertVersion(id, at, fingerprint, hasValue, rules);
    if (cleared !== null) this.stages.delete(cleared);
    for (const stage of taken) this.putStage(stage, id, at);
    if (previous !== null && previousGoesTo !== undefined) this.putStage(previous, previousGoesTo, at);
    return null;
  }

  private assignStage({ stage, versionId, at, from }: SecretAction<'assignStage'>, rules: Dialect): string | null {
    if (this.status !== 'ENABLED') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!this.stages.has(stage) && !matches(stage, rules.stages.name)) return 'INVALID_VALUE';
    if (!this.versions.some((version) => version.id === versionId)) return 'UNKNOWN_VERSION';
    const holder = this.stages.get(stage)?.versionId ?? null;
    if (from !== undefined && from !== holder) return 'WRONG_HOLDER';
    if (holder === versionId) {
      this.putStage(stage, versionId, at);
      return null;
    }
    const mustName = rules.stages.move === 'from-the-named-holder';
    if (mustName && from === undefined && holder !== null) return 'HOLDER_NOT_NAMED';

    const { current, previous, previousFollows } = rules.stages;
    const follower = previousFollows === 'any-move' && stage === current ? previous : null;
    const put = [stage];
    if (follower !== null && holder !== null) put.push(follower);
    if (this.tooManyStages(put, null, rules)) return 'STAGE_LIMIT';

    this.putStage(stage, versionId, at);
    if (follower !== null && holder !== null) this.putStage(follower, holder, at);
    return null;
  }

  private removeStage({ stage, at, from }: SecretAction<'removeStage'>, rules: Dialect): string | null {
    if (this.status !== 'ENABLED') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    const { current, previous, previousIsRemovable } = rules.stages;
    if (stage === current || (stage === previous && !previousIsRemovable)) return 'BUILT_IN_STAGE';
    const row = this.stages.get(stage);
    if (row === undefined) return 'UNKNOWN_STAGE';
    if (from !== undefined && from !== row.versionId) return 'WRONG_HOLDER';

    this.stages.delete(stage);
    return null;
  }

  private pruneDeprecated({ keep = 0, createdBefore }: SecretAction<'pruneDeprecated'>, rules: Dialect): string | null {
    if (!Number.isSafeInteger(keep) || keep < 0) return 'INVALID_VALUE';
    if (createdBefore !== undefined && !isTime(createdBefore)) return 'INVALID_VALUE';

    if (rules.versions.prune === 'keeps') return null;
    const deprecated = this.deprecatedOldestFirst();
    const notKept = deprecated.slice(0, Math.max(0, deprecated.length - keep));
    for (const version of notKept) {
      if (createdBefore === undefined || version.createTime < createdBefore) this.deleteVersion(version);
    }
    return null;
  }

  private scheduleDeletion(
    { at, recoveryWindowInDays }: SecretAction<'scheduleDeletion'>,
    rules: Dialect,
  ): string | null {
    const window = rules.secret.deletionDays;
    if (window === null) return 'ACTION_NOT_OFFERED';
    if (this.status === 'PENDING_DELETE') return 'DELETION_ALREADY_SCHEDULED';
    const days = recoveryWindowInDays === undefined ? window.usual : recoveryWindowInDays;
    if (!Number.isInteger(days) || days < window.least || days > window.most) return 'INVALID_VALUE';
    if (!isTime(at) || !isTime(at + days * DAY)) return 'INVALID_VALUE';

    this.status = 'PENDING_DELETE';
    this.scheduledDeleteTime = at + days * DAY;
    return null;
  }

  private restore({ at }: SecretAction<'restore'>): string | null {
    if (this.status !== 'PENDING_DELETE') return 'DELETION_NOT_SCHEDULED';
    if (!isTime(at)) return 'INVALID_VALUE';

    this.status = 'ENABLED';
    this.scheduledDeleteTime = null;
    return null;
  }

  private setStatus({ status, at }: SecretAction<'setStatus'>, rules: Dialect): string | null {
    if (this.status === 'PENDING_DELETE') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (status !== 'ENABLED' && !rules.secret.pausedAs.includes(status)) return 'INVALID_VALUE';

    this.status = status;
    return null;
  }

  /** Whether the pending stage is anywhere but on the current version. */
  private rotationIsOpen({ stages: { pending, current } }: Dialect): boolean {
    // A stage of a caller can have the name "null".
    const [rotated, live] = [pending, current].map((name) => name !== null && this.stages.get(name)?.versionId);
    return Boolean(rotated) && rotated !== live;
  }

  private nextVersionId({ versions }: Dialect): string {
    return `${versions.idPrefix}${this.counter + 1}`;
  }

  private latestVersion({ stages, versions }: Dialect): string | undefined {
    const current = stages.current === null ? undefined : this.stages.get(stages.current);
    if (versions.latest === 'current') return current?.versionId;
    if (versions.latest === 'current-or-newest' && current !== undefined) return current.versionId;
    let newest: VersionRow | undefined;
    for (const version of this.versions) {
      if (newest === undefined || version.createTime >= newest.createTime) newest = version;
    }
    return newest?.id;
  }

  private deprecatedOldestFirst(): VersionRow[] {
    const isMarked = (id: string) => [...this.stages.values()].some((row) => row.versionId === id);
    // The sort is stable: of versions created at the same time, the one created first stays first.
    return this.versions.filter(({ id }) => !isMarked(id)).sort((a, b) => a.createTime - b.createTime);
  }

  /** Whether these stages, put anywhere, are more than the secret may have, and one of them is new. */
  private tooManyStages(put: string[], cleared: string | null, { stages: rules }: Dialect): boolean {
    if (put.every((stage) => this.stages.has(stage))) return false;
    const after = new Set([...this.stages.keys(), ...put]);
    if (cleared !== null && !put.includes(cleared)) after.delete(cleared);
    const builtIn: readonly (string | null)[] = [rules.current, rules.previous, rules.pending];
    const counted = [...after].filter((stage) => rules.limitCounts === 'all' || !builtIn.includes(stage));
    return counted.length > rules.limit;
  }

  private insertVersion(
    id: string,
    createTime: number,
    fingerprint: string | undefined,
    hasValue: boolean,
    rules: Dialect,
  ): void {
    this.versions.push({ id, createTime, fingerprint, hasValue });
    this.versionsMade += 1;
    this.counter = Math.max(this.counter, seriesNumber(id, rules) ?? 0);
  }

  private deleteVersion(version: VersionRow): void {
    this.versions.splice(this.versions.indexOf(version), 1);
  }

  private putStage(stage: string, versionId: string, updateTime: number): void {
    this.stages.set(stage, { versionId, updateTime });
  }
}

function isTime(value: unknown): boolean {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_TIME && !Object.is(value, -0)
  );
}

function isFingerprint(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '' && value.length < 257);
}

/** Whether a pattern takes in the whole of a text, line breaks as well. */
function matches(value: unknown, pattern: string): value is string {
  if (typeof value !== 'string') return false;
  const found = new RegExp(pattern, 'sy').exec(value);
  return found !== null && found[0].length === value.length;
}

/** The digits after the prefix, if that is all there is and the first is not 0. */
function seriesNumber(id: string, { versions: { idPrefix } }: Dialect): number | null {
  const [head, digits] = [id.slice(0, idPrefix.length), id.slice(idPrefix.length)];
  const isNumber = digits.length > 0 && digits[0] !== '0' && [...digits].every((digit) => '0123456789'.includes(digit));
  return head === idPrefix && isNumber ? Number(digits) : null;
}

function isId(value: unknown, rules: Dialect): value is string {
  return matches(value, rules.versions.id) && (seriesNumber(value, rules) ?? 0) <= LAST_NUMBER;
}
