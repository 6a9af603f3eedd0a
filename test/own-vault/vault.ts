/**
 * A vault as somebody else writes one, who has never seen this project: a list of versions, and on each the tags that it has.
 * It can create versions and put tags on them, and no more. It answers why not, or nothing.
 */
export class Vault {
  readonly versions: { readonly id: string; readonly created: number; readonly tags: Map<string, number> }[] = [];
  #issued = 0;

  create(at: number, listed?: readonly string[]): string | undefined {
    const tags = listed ?? ['SYSCURRENT'];
    const isRotation = listed === undefined;
    const names = new Set([...this.#tags(), ...tags]);
    if (tags.some((tag) => !/^[A-Za-z0-9_-]{1,64}$/.test(tag))) return 'bad tag';
    if (isRotation && this.#issued > 0) names.add('SYSPREVIOUS');
    if (tags.length > 12 || (names.size > 12 && names.size > this.#tags().length)) return 'too many tags';

    const unused = this.versions.find((version) => version.tags.size === 0);
    if (this.versions.length === 20 && unused) this.versions.splice(this.versions.indexOf(unused), 1);
    const current = this.versions.find((version) => version.tags.has('SYSCURRENT'));
    this.versions.push({ id: `v${++this.#issued}`, created: at, tags: new Map() });
    for (const tag of tags) this.#move(tag, this.versions.length - 1, at);
    if (isRotation && current) this.#move('SYSPREVIOUS', this.versions.indexOf(current), at);
    return undefined;
  }

  tag(tag: string, id: string, at: number): string | undefined {
    const index = this.versions.findIndex((version) => version.id === id);
    const isNew = !this.#tags().includes(tag);
    if (isNew && !/^[A-Za-z0-9_-]{1,64}$/.test(tag)) return 'bad tag';
    if (index < 0) return 'no such version';
    if (isNew && this.#tags().length >= 12) return 'too many tags';
    this.#move(tag, index, at);
    return undefined;
  }

  #tags(): readonly string[] {
    return this.versions.flatMap(({ tags }) => [...tags.keys()]);
  }

  #move(tag: string, index: number, at: number): void {
    for (const { tags } of this.versions) tags.delete(tag);
    this.versions[index]?.tags.set(tag, at);
  }
}
