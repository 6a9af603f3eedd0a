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
}

interface StageRow {
  versionId: string;
  updateTime: number;
}

const LATEST_TIME = 8_640_000_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const isTime = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_TIME && !Object.is(value, -0);

const isFingerprint = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value !== '' && value.length < 257);

const fits = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && value.search(pattern) !== -1;

export class MutableTable implements SecondOpinion {
  private name = '';
  private status: SecretStatus = 'ENABLED';
  private scheduledDeleteTime: number | null = null;
  /** In the order of creation. */
  private readonly versions: VersionRow[] = [];
  private readonly stages = new Map<string, StageRow>();
  /** Every id ever issued, also those of versions that are gone. */
  private readonly issued = new Set<string>();

  create({ name, at, versionId, fingerprint }: CreateSecret, rules: Dialect): string | null {
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!fits(name, rules.secretName)) return 'INVALID_VALUE';
    if (!isFingerprint(fingerprint)) return 'INVALID_VALUE';
    const id = versionId === undefined ? `${rules.versionIdPrefix}1` : versionId;
    if (id === null ? !rules.versionsComeLater : !fits(id, rules.versionId)) return 'INVALID_VALUE';
    if (id === null && fingerprint !== undefined) return 'INVALID_VALUE';

    this.name = name;
    if (id === null) return null;
    this.insertVersion(id, at, fingerprint);
    if (rules.currentStage !== null) this.putStage(rules.currentStage, id, at);
    return null;
  }

  apply(action: SecretAction, rules: Dialect): string | null {
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

  table(rules: Dialect): Table {
    return {
      name: this.name,
      status: this.status,
      scheduledDeleteTime: this.scheduledDeleteTime,
      versions: this.versions.map((version) => ({ ...version })),
      stages: [...this.stages]
        .map(([name, row]) => ({ name, ...row }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
      nextVersionId: this.nextVersionId(rules),
      latestVersion: this.latestVersion(rules),
    };
  }

  private createVersion(action: SecretAction<'createVersion'>, rules: Dialect): string | null {
    const { at, versionId, stages, fingerprint } = action;
    if (this.status !== 'ENABLED') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    const id = versionId === undefined ? this.nextVersionId(rules) : versionId;
    if (!fits(id, rules.versionId)) return 'INVALID_VALUE';
    if (!isFingerprint(fingerprint)) return 'INVALID_VALUE';
    if (this.issued.has(id)) {
      const row = this.versions.find((version) => version.id === id);
      const sameAgain = fingerprint !== undefined && row?.fingerprint === fingerprint;
      return sameAgain && rules.repeatedIdChangesNothing ? null : 'VERSION_ID_TAKEN';
    }
    if (stages !== undefined) {
      if (!Array.isArray(stages)) return 'INVALID_VALUE';
      if (stages.length === 0 && rules.emptyListIsRefused) return 'INVALID_VALUE';
      for (const stage of stages) if (!fits(stage, rules.stageName)) return 'INVALID_VALUE';
      if (stages.length > rules.stageListLimit) return 'STAGE_LIST_LIMIT';
    }

    const { currentStage, previousStage } = rules;
    const taken = new Set<string>(stages);
    let previousGoesTo: string | undefined;
    if (currentStage !== null) {
      const isVeryFirst = this.issued.size === 0;
      if (stages === undefined || (isVeryFirst && rules.firstVersionIsCurrent)) taken.add(currentStage);
      const follows = stages === undefined || rules.previousFollowsListedCurrent;
      if (follows && taken.has(currentStage)) previousGoesTo = this.stages.get(currentStage)?.versionId;
    }
    if (previousStage === null || taken.has(previousStage)) previousGoesTo = undefined;
    const cleared = stages === undefined ? (rules.clearedStages ?? []) : [];
    const put = [...taken];
    if (previousStage !== null && previousGoesTo !== undefined) put.push(previousStage);
    if (this.tooManyStages(put, cleared, rules)) return stages === undefined ? 'STAGE_LIMIT' : 'STAGE_LIST_LIMIT';

    if (rules.versionLimit !== null && this.versions.length >= rules.versionLimit) {
      const [oldest] = this.deprecatedOldestFirst();
      if (rules.versionLimitIsHard || oldest === undefined) return 'VERSION_LIMIT';
      if (rules.deprecatedStayInHours !== undefined) {
        const roomAt = oldest.createTime + rules.deprecatedStayInHours * HOUR;
        if (at < roomAt) return `VERSION_LIMIT until ${roomAt}`;
      }
      this.deleteVersion(oldest);
    }
    this.insertVersion(id, at, fingerprint);
    for (const stage of cleared) this.stages.delete(stage);
    for (const stage of taken) this.putStage(stage, id, at);
    if (previousStage !== null && previousGoesTo !== undefined) this.putStage(previousStage, previousGoesTo, at);
    return null;
  }

  private assignStage({ stage, versionId, at, from }: SecretAction<'assignStage'>, rules: Dialect): string | null {
    if (this.status !== 'ENABLED' && !rules.stagesNeverRest) return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!this.stages.has(stage) && !fits(stage, rules.stageName)) return 'INVALID_VALUE';
    if (!this.versions.some((version) => version.id === versionId)) return 'UNKNOWN_VERSION';
    const holder = this.stages.get(stage)?.versionId ?? null;
    if (from !== undefined && from !== holder) return 'WRONG_HOLDER';
    if (rules.movesNeedHolder && from === undefined && holder !== null && holder !== versionId)
      return 'HOLDER_NOT_NAMED';
    if (rules.deprecatedIsFinal && this.isDeprecated(versionId)) return 'DEPRECATED_VERSION';
    if (holder === versionId) {
      if (!rules.repeatKeepsTime) this.putStage(stage, versionId, at);
      return null;
    }

    const follower = rules.previousFollowsMove && stage === rules.currentStage ? rules.previousStage : null;
    const put = [stage];
    if (follower !== null && holder !== null) put.push(follower);
    if (this.tooManyStages(put, [], rules)) return 'STAGE_LIMIT';

    this.putStage(stage, versionId, at);
    if (follower !== null && holder !== null) this.putStage(follower, holder, at);
    return null;
  }

  private removeStage({ stage, at, from }: SecretAction<'removeStage'>, rules: Dialect): string | null {
    if (this.status !== 'ENABLED' && !rules.stagesNeverRest) return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (rules.builtInStages.includes(stage) && !(rules.removableStages ?? []).includes(stage)) return 'BUILT_IN_STAGE';
    const row = this.stages.get(stage);
    if (row === undefined) return 'UNKNOWN_STAGE';
    if (from !== undefined && from !== row.versionId) return 'WRONG_HOLDER';

    this.stages.delete(stage);
    return null;
  }

  private pruneDeprecated({ keep = 0, createdBefore }: SecretAction<'pruneDeprecated'>, rules: Dialect): string | null {
    if (this.status !== 'ENABLED' && rules.pruningNeedsEnabled) return 'SECRET_NOT_ENABLED';
    if (!Number.isSafeInteger(keep) || keep < 0) return 'INVALID_VALUE';
    if (createdBefore !== undefined && !isTime(createdBefore)) return 'INVALID_VALUE';

    if (rules.deprecatedStay) return null;
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
    if (rules.recoveryWindowInDays === null) return 'ACTION_NOT_OFFERED';
    if (this.status === 'PENDING_DELETE') return 'DELETION_ALREADY_SCHEDULED';
    if (this.status !== 'ENABLED' && rules.deletionNeedsEnabled) return 'SECRET_NOT_ENABLED';
    const { least, most, usual } = rules.recoveryWindowInDays;
    const days = recoveryWindowInDays === undefined ? usual : recoveryWindowInDays;
    if (!Number.isInteger(days) || days < least || days > most) return 'INVALID_VALUE';
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
    if (!['ENABLED', 'DISABLED', 'FROZEN'].includes(status)) return 'INVALID_VALUE';
    if (!rules.statuses.includes(status)) return 'INVALID_VALUE';

    this.status = status;
    return null;
  }

  private nextVersionId({ versionIdPrefix }: Dialect): string {
    let number = 1;
    while (this.issued.has(`${versionIdPrefix}${number}`)) number += 1;
    return `${versionIdPrefix}${number}`;
  }

  private latestVersion({ currentStage, latestIsCurrent }: Dialect): string | undefined {
    const current = currentStage === null ? undefined : this.stages.get(currentStage);
    if (current !== undefined) return current.versionId;
    if (latestIsCurrent) return undefined;
    let newest: VersionRow | undefined;
    for (const version of this.versions) {
      if (newest === undefined || version.createTime >= newest.createTime) newest = version;
    }
    return newest?.id;
  }

  private isDeprecated(versionId: string): boolean {
    return ![...this.stages.values()].some((row) => row.versionId === versionId);
  }

  private deprecatedOldestFirst(): VersionRow[] {
    // The sort is stable: of versions created at the same time, the one created first stays first.
    return this.versions.filter((version) => this.isDeprecated(version.id)).sort((a, b) => a.createTime - b.createTime);
  }

  /** Whether these stages, put anywhere, are more than the secret may have, and one of them is new. */
  private tooManyStages(put: string[], cleared: readonly string[], { freeStages = [], stageLimit }: Dialect): boolean {
    if (put.every((stage) => this.stages.has(stage))) return false;
    const left = [...this.stages.keys()].filter((stage) => !cleared.includes(stage));
    const after = new Set([...left, ...put]);
    return [...after].filter((stage) => !freeStages.includes(stage)).length > stageLimit;
  }

  private insertVersion(id: string, createTime: number, fingerprint: string | undefined): void {
    this.versions.push({ id, createTime, fingerprint });
    this.issued.add(id);
  }

  private deleteVersion(version: VersionRow): void {
    this.versions.splice(this.versions.indexOf(version), 1);
  }

  private putStage(stage: string, versionId: string, updateTime: number): void {
    this.stages.set(stage, { versionId, updateTime });
  }
}
