const validName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A secret, implemented without this library: a list of versions, each with its stages and the time of their last move.
 * It can create versions and move stages. Each method returns `undefined`, or the reason for a refusal.
 */
export class OurSecret {
  readonly versions: { readonly id: string; readonly created: number; readonly stages: Map<string, number> }[] = [];
  #versionsCreated = 0;

  /** Creates the secret with its first version. */
  constructor(at: number) {
    this.createVersion(at);
  }

  createVersion(at: number, listed?: readonly string[]): string | undefined {
    const stages = listed ?? ['SYSCURRENT'];
    const isRotation = listed === undefined && this.#versionsCreated > 0;
    const after = new Set([...this.#stages(), ...stages, ...(isRotation ? ['SYSPREVIOUS'] : [])]);
    if (stages.some((stage) => !validName.test(stage))) return 'invalid stage name';
    if (stages.length > 12 || (after.size > 12 && after.size > this.#stages().length)) return 'too many stages';

    const unused = this.versions.findIndex((version) => version.stages.size === 0);
    if (this.versions.length === 20 && unused >= 0) this.versions.splice(unused, 1);
    const current = this.versions.find((version) => version.stages.has('SYSCURRENT'));
    const version = { id: `v${++this.#versionsCreated}`, created: at, stages: new Map<string, number>() };
    this.versions.push(version);
    for (const stage of stages) this.#put(stage, version.stages, at);
    if (isRotation && current) this.#put('SYSPREVIOUS', current.stages, at);
    return undefined;
  }

  moveStage(stage: string, versionId: string, at: number): string | undefined {
    const version = this.versions.find(({ id }) => id === versionId);
    const isNew = !this.#stages().includes(stage);
    if (isNew && !validName.test(stage)) return 'invalid stage name';
    if (!version) return 'no such version';
    if (isNew && this.#stages().length >= 12) return 'too many stages';
    this.#put(stage, version.stages, at);
    return undefined;
  }

  #stages(): readonly string[] {
    return this.versions.flatMap(({ stages }) => [...stages.keys()]);
  }

  #put(stage: string, target: Map<string, number>, at: number): void {
    for (const { stages } of this.versions) stages.delete(stage);
    target.set(stage, at);
  }
}
