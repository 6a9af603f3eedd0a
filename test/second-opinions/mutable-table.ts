/**
 * A secret as a plain mutable table in the style of a relational database: an array of version rows and a map of stage
 * rows, changed in place once every check has passed. It exists to be compared with `src` in a differential test.
 */
import type { Dialect, SecretAction, SecretStatus } from '../../src/index.ts';
import type { SecondOpinion, Table } from './second-opinion.ts';

interface VersionRow {
  id: string;
  createTime: number;
}

interface StageRow {
  versionId: string;
  updateTime: number;
}

const LATEST_TIME = 8_640_000_000_000_000;
const DAY = 86_400_000;

const isTime = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_TIME && !Object.is(value, -0);

const fits = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && value.search(pattern) !== -1;

export class MutableTable implements SecondOpinion {
  private dialect: Dialect | undefined;
  private name = '';
  private status: SecretStatus = 'ENABLED';
  private scheduledDeleteTime: number | null = null;
  /** In the order of creation. */
  private readonly versions: VersionRow[] = [];
  private readonly stages = new Map<string, StageRow>();
  /** Every id ever issued, also those of versions that are gone. */
  private readonly issued = new Set<string>();

  create(request: { name: string; at: number; versionId?: string }, dialect: Dialect): string | null {
    const { name, at, versionId } = request;
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!fits(name, dialect.secretName)) return 'INVALID_VALUE';
    if (versionId !== undefined && !fits(versionId, dialect.versionId)) return 'INVALID_VALUE';

    const id = versionId ?? `${dialect.versionIdPrefix}1`;
    this.dialect = dialect;
    this.name = name;
    this.insertVersion(id, at);
    this.putStage(dialect.currentStage, id, at);
    return null;
  }

  apply(action: SecretAction): string | null {
    switch (action?.type) {
      case 'createVersion':
        return this.createVersion(action);
      case 'assignStage':
        return this.assignStage(action);
      case 'removeStage':
        return this.removeStage(action);
      case 'pruneDeprecated':
        return this.pruneDeprecated(action);
      case 'scheduleDeletion':
        return this.scheduleDeletion(action);
      case 'restore':
        return this.restore(action);
      case 'setStatus':
        return this.setStatus(action);
      default:
        return 'UNKNOWN_ACTION';
    }
  }

  table(): Table {
    return {
      name: this.name,
      status: this.status,
      scheduledDeleteTime: this.scheduledDeleteTime,
      versions: this.versions.map((version) => ({ ...version })),
      stages: [...this.stages]
        .map(([name, row]) => ({ name, ...row }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
      nextVersionId: this.nextVersionId(),
    };
  }

  private createVersion({ at, versionId, stages }: SecretAction<'createVersion'>): string | null {
    const rules = this.rules();
    if (this.status !== 'ENABLED') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    const id = versionId === undefined ? this.nextVersionId() : versionId;
    if (!fits(id, rules.versionId)) return 'INVALID_VALUE';
    if (this.issued.has(id)) return 'VERSION_ID_TAKEN';
    if (stages !== undefined) {
      if (!Array.isArray(stages)) return 'INVALID_VALUE';
      for (const stage of stages) if (!fits(stage, rules.stageName)) return 'INVALID_VALUE';
      if (stages.length > rules.stageListLimit) return 'STAGE_LIST_LIMIT';
    }

    const taken = new Set<string>(stages ?? [rules.currentStage]);
    const oldCurrent = this.stages.get(rules.currentStage)?.versionId;
    const previousFollows =
      stages === undefined ||
      (rules.previousFollowsListedCurrent && taken.has(rules.currentStage) && !taken.has(rules.previousStage));
    const previousGoesTo = previousFollows ? oldCurrent : undefined;
    const moved = previousGoesTo === undefined ? [...taken] : [...taken, rules.previousStage];
    if (this.tooManyStagesWith(moved)) return stages === undefined ? 'STAGE_LIMIT' : 'STAGE_LIST_LIMIT';

    const full = this.versions.length >= rules.versionLimit;
    const [oldest] = this.deprecatedOldestFirst();
    if (full && (rules.versionLimitIsHard || oldest === undefined)) return 'VERSION_LIMIT';

    if (full && oldest !== undefined) this.deleteVersion(oldest);
    this.insertVersion(id, at);
    for (const stage of taken) this.putStage(stage, id, at);
    if (previousGoesTo !== undefined) this.putStage(rules.previousStage, previousGoesTo, at);
    return null;
  }

  private assignStage({ stage, versionId, at, from }: SecretAction<'assignStage'>): string | null {
    const rules = this.rules();
    if (this.status !== 'ENABLED' && !rules.stagesNeverRest) return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!this.stages.has(stage) && !fits(stage, rules.stageName)) return 'INVALID_VALUE';
    if (!this.versions.some((version) => version.id === versionId)) return 'UNKNOWN_VERSION';
    const holder = this.stages.get(stage)?.versionId ?? null;
    if (from !== undefined && from !== holder) return 'WRONG_HOLDER';
    if (rules.deprecatedIsFinal && this.isDeprecated(versionId)) return 'DEPRECATED_VERSION';
    if (holder === versionId) {
      if (!rules.repeatKeepsTime) this.putStage(stage, versionId, at);
      return null;
    }

    const previousGoesTo = rules.previousFollowsMove && stage === rules.currentStage ? holder : null;
    const moved = previousGoesTo === null ? [stage] : [stage, rules.previousStage];
    if (this.tooManyStagesWith(moved)) return 'STAGE_LIMIT';

    this.putStage(stage, versionId, at);
    if (previousGoesTo !== null) this.putStage(rules.previousStage, previousGoesTo, at);
    return null;
  }

  private removeStage({ stage, at, from }: SecretAction<'removeStage'>): string | null {
    const rules = this.rules();
    if (this.status !== 'ENABLED' && !rules.stagesNeverRest) return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (rules.builtInStages.includes(stage)) return 'BUILT_IN_STAGE';
    const row = this.stages.get(stage);
    if (row === undefined) return 'UNKNOWN_STAGE';
    if (from !== undefined && from !== row.versionId) return 'WRONG_HOLDER';

    this.stages.delete(stage);
    return null;
  }

  private pruneDeprecated({ keep = 0, createdBefore }: SecretAction<'pruneDeprecated'>): string | null {
    if (this.status !== 'ENABLED' && this.rules().pruningNeedsEnabled) return 'SECRET_NOT_ENABLED';
    if (!Number.isSafeInteger(keep) || keep < 0) return 'INVALID_VALUE';
    if (createdBefore !== undefined && !isTime(createdBefore)) return 'INVALID_VALUE';

    const deprecated = this.deprecatedOldestFirst();
    const notKept = deprecated.slice(0, Math.max(0, deprecated.length - keep));
    for (const version of notKept) {
      if (createdBefore === undefined || version.createTime < createdBefore) this.deleteVersion(version);
    }
    return null;
  }

  private scheduleDeletion({ at, recoveryWindowInDays }: SecretAction<'scheduleDeletion'>): string | null {
    const rules = this.rules();
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

  private setStatus({ status, at }: SecretAction<'setStatus'>): string | null {
    if (this.status === 'PENDING_DELETE') return 'SECRET_NOT_ENABLED';
    if (!isTime(at)) return 'INVALID_VALUE';
    if (!['ENABLED', 'DISABLED', 'FROZEN'].includes(status)) return 'INVALID_VALUE';

    this.status = status;
    return null;
  }

  private rules(): Dialect {
    if (this.dialect === undefined) throw new Error('create comes first');
    return this.dialect;
  }

  private nextVersionId(): string {
    const prefix = this.rules().versionIdPrefix;
    let number = 1;
    while (this.issued.has(`${prefix}${number}`)) number += 1;
    return `${prefix}${number}`;
  }

  private isDeprecated(versionId: string): boolean {
    return ![...this.stages.values()].some((row) => row.versionId === versionId);
  }

  private deprecatedOldestFirst(): VersionRow[] {
    // The sort is stable: of versions created at the same time, the one created first stays first.
    return this.versions.filter((version) => this.isDeprecated(version.id)).sort((a, b) => a.createTime - b.createTime);
  }

  /** Whether these stages, put anywhere, make the secret have more stages than before and more than it may have. */
  private tooManyStagesWith(moved: string[]): boolean {
    const { freeStages = [], stageLimit } = this.rules();
    const after = new Set([...this.stages.keys(), ...moved]);
    if (after.size === this.stages.size) return false;
    const counted = [...after].filter((stage) => !freeStages.includes(stage));
    return counted.length > stageLimit;
  }

  private insertVersion(id: string, createTime: number): void {
    this.versions.push({ id, createTime });
    this.issued.add(id);
  }

  private deleteVersion(version: VersionRow): void {
    this.versions.splice(this.versions.indexOf(version), 1);
  }

  private putStage(stage: string, versionId: string, updateTime: number): void {
    this.stages.set(stage, { versionId, updateTime });
  }
}
