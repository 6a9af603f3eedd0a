import * as v from 'valibot';
import type { Problem } from '../../index.ts';
import { fieldOf } from '../../json.ts';
import { readBy } from '../../service/index.ts';
import type { Fact, ResponseReader } from './facts.ts';
import { has, type Input } from './imported.ts';

/** A resource before and after a plan. In a state, both are the same, and it has no actions. */
export interface Resource<Attributes> {
  readonly type: string;
  readonly address: string;
  readonly path: string;
  readonly source: string;
  readonly before?: Attributes | null | undefined;
  readonly after?: Attributes | null | undefined;
  readonly actions: readonly string[];
  readonly at: number | undefined;
}

/**
 * Whether data is the output of `terraform show -json`, of a state or a plan.
 *
 * Source: the page on the JSON output format of Terraform (documented).
 */
export function isTerraform(json: unknown): boolean {
  const parts = ['terraform_version', 'values', 'resource_changes'];
  return has(json, 'format_version') && parts.some((part) => has(json, part));
}

/** Reads the resources of some types. `hasValue` says whether the attributes of one contain the value of a secret. */
export function readTerraform<Attributes>(
  types: readonly string[],
  attributes: v.GenericSchema<unknown, Attributes>,
  factsOf: (resources: readonly Resource<Attributes>[]) => readonly Fact[],
  hasValue: (attributes: unknown) => boolean = () => false,
): ResponseReader {
  const named = { type: v.string(), address: v.string() };
  const kept = v.pipe(
    v.object({ ...named, values: attributes }),
    v.transform(({ values, ...resource }) => ({ ...resource, before: values, after: values, actions: [] })),
  );
  const change = v.object({
    actions: v.array(v.string()),
    before: v.nullish(attributes),
    after: v.nullish(attributes),
  });
  const planned = v.pipe(
    v.object({ ...named, change }),
    v.transform(({ change, ...resource }) => ({ ...resource, ...change })),
  );
  return (json, source) => {
    const isPlan = has(json, 'resource_changes');
    const time = Date.parse(`${fieldOf(json, 'timestamp')}`);
    const at = Number.isNaN(time) ? undefined : time;
    const ours = resourcesIn(json, source).filter(({ json }) => isOneOf(json, types));
    const managed = ours.filter(({ json }) => fieldOf(json, 'mode') !== 'data' && has(json, 'change') === isPlan);
    const problems: Problem[] = [];
    const resources: Resource<Attributes>[] = [];
    for (const { json, path } of managed) {
      const read = readBy(isPlan ? planned : kept, json, path);
      if (read.ok) resources.push({ ...read.output, path, source, at });
      else problems.push(...read.problems);
    }
    if (problems.length > 0) return { ok: false, problems };
    const attributesOf = ({ json }: Input) => [
      fieldOf(json, 'values'),
      ...['before', 'after'].map((side) => fieldOf(fieldOf(json, 'change'), side)),
    ];
    return { ok: true, facts: factsOf(resources), hasValue: ours.flatMap(attributesOf).some(hasValue) };
  };
}

/** Whether the output of `terraform show -json` has a resource of one of these types. */
export function hasResources(json: unknown, types: readonly string[]): boolean {
  return resourcesIn(json, '').some(({ json }) => isOneOf(json, types));
}

function isOneOf(resource: unknown, types: readonly string[]): boolean {
  return types.includes(`${fieldOf(resource, 'type')}`);
}

/** Every resource: the changes of a plan and what it knew before, or those of a state. */
function resourcesIn(json: unknown, path: string): readonly Input[] {
  const resources = [...partsOf({ json, path }, 'resource_changes')];
  const prior = fieldOf(json, 'prior_state');
  const modules = [
    ...partsOf({ json: fieldOf(json, 'values'), path: `${path}.values` }, 'root_module'),
    ...partsOf({ json: fieldOf(prior, 'values'), path: `${path}.prior_state.values` }, 'root_module'),
  ];
  for (let module = modules.pop(); module; module = modules.pop()) {
    resources.push(...partsOf(module, 'resources'));
    modules.push(...partsOf(module, 'child_modules').reverse());
  }
  return resources;
}

/** The elements of a list in a field, or the content of the field. */
function partsOf({ json, path }: Input, field: string): Input[] {
  const part = fieldOf(json, field);
  if (!Array.isArray(part)) return part === undefined ? [] : [{ json: part, path: `${path}.${field}` }];
  return part.map((json, index) => ({ json, path: `${path}.${field}[${index}]` }));
}
