import { isObject } from '../json.ts';
import { refusedError } from '../refusal.ts';
import { DIALECT_CONTRADICTION } from '../sentences.ts';
import { asText } from '../text.ts';
import { contradictions } from './contradictions.ts';
import type { Dialect, SecretRules, StageRules, VersionRules } from './dialect.ts';
import { frozen } from './frozen.ts';

/** What {@link defineDialect} changes: single rules of a group, each replaced as a whole. */
export interface DialectChanges {
  readonly id?: string;
  readonly title?: string;
  readonly secret?: Partial<SecretRules>;
  readonly stages?: Partial<StageRules>;
  readonly versions?: Partial<VersionRules>;
}

/**
 * Makes a dialect from another, deeply frozen. A changed rule replaces the rule of the base as a whole, also where it is an
 * object.
 *
 * Keep the `id` of the cloud if you change one of its rules, such as a limit that your account has. Give a vault of your own
 * an `id` of its own: then the rules of another cloud cannot be applied to its secrets by accident. If you give no `title`, it
 * is the `id`. A dialect with another series of ids (`versions.idPrefix`) also needs an `id` of its own.
 *
 * Refuses with DIALECT_CONTRADICTION if rules disagree, or a rule is unknown, missing or of the wrong kind.
 * {@link contradictions} returns the same without throwing.
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const vault = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 5 } });
 * remainingStages(createSecret({ name: 'db', at: 0 }, vault), vault); // 4
 */
export function defineDialect(base: Dialect, changes: DialectChanges = {}): Dialect {
  const draft: unknown = merged(base, changes);
  mustBeSound(draft);
  // The copy is what counts: a getter or `toJSON` of the draft may say something else the second time.
  const dialect = frozen(draft);
  mustBeSound(dialect);
  return dialect;
}

function mustBeSound(dialect: unknown): asserts dialect is Dialect {
  const found = contradictions(dialect);
  if (found.length === 0) return;
  const id = asText(Object(dialect).id);
  throw refusedError({ code: 'DIALECT_CONTRADICTION', dialect: id, contradictions: found }, { DIALECT_CONTRADICTION });
}

/** The base with the changes, whether or not it makes sense. What is neither a rule nor a group stays, to be refused. */
export function merged(base: Dialect, changes: { readonly [Field in keyof DialectChanges]?: unknown }): object {
  const { secret, stages, versions, ...names } = changes;
  const { id = base.id, title = id === base.id ? base.title : id } = names;
  return {
    ...base,
    ...names,
    id,
    title,
    secret: mergedGroup(base.secret, secret),
    stages: mergedGroup(base.stages, stages),
    versions: mergedGroup(base.versions, versions),
  };
}

function mergedGroup(base: object, changes: unknown = {}): unknown {
  return isObject(changes) ? { ...base, ...changes } : changes;
}
