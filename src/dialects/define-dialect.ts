import { isObject } from '../json.ts';
import { refusedError } from '../refusal.ts';
import { DIALECT_CONTRADICTION } from '../sentences.ts';
import { asText } from '../text.ts';
import { contradictions } from './contradictions.ts';
import type { Dialect, SecretRules, StageRules, VersionRules } from './dialect.ts';
import { frozen } from './frozen.ts';

/** The changes of {@link defineDialect}: single rules of each group. */
export interface DialectChanges {
  /** Another id. If omitted, that of the base. */
  readonly id?: string;
  /** Another name for display. If omitted, that of the base, or the new id. */
  readonly title?: string;
  /** The changed rules about a secret as a whole. */
  readonly secret?: Partial<SecretRules>;
  /** The changed rules about stages. */
  readonly stages?: Partial<StageRules>;
  /** The changed rules about versions. */
  readonly versions?: Partial<VersionRules>;
}

/**
 * Makes a deeply frozen dialect from another. A changed rule replaces the rule of the base as a whole, even if it is an
 * object.
 *
 * Keep the `id` of a cloud if you change one of its rules, such as a limit of your account. Choose a new `id` for a
 * dialect of your own, so that its secrets cannot be used with another dialect by accident. A dialect with another
 * series of ids (`versions.idPrefix`) also needs a new `id`. If you omit `title`, a new `id` is also the title.
 *
 * Refuses with DIALECT_CONTRADICTION if a rule is unknown, missing or of the wrong type, or if rules contradict each
 * other. {@link contradictions} returns the same list without throwing.
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const vault = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 5 } });
 * remainingStages(createSecret({ name: 'db', at: 0 }, vault), vault); // 4
 */
export function defineDialect(base: Dialect, changes: DialectChanges = {}): Dialect {
  const draft: unknown = merged(base, changes);
  mustBeValid(draft);
  // The copy is checked too, because a getter or `toJSON` of the draft may return another value the second time.
  const dialect = frozen(draft);
  mustBeValid(dialect);
  return dialect;
}

function mustBeValid(dialect: unknown): asserts dialect is Dialect {
  const found = contradictions(dialect);
  if (found.length === 0) return;
  const id = asText(Object(dialect).id);
  throw refusedError({ code: 'DIALECT_CONTRADICTION', dialect: id, contradictions: found }, { DIALECT_CONTRADICTION });
}

/** The base with the changes, valid or not. Unknown fields stay, to be refused. */
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
