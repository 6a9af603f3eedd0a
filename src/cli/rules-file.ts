import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { fieldOf, isObject } from '../json.ts';
import { type Case, type PolicyRule, pack, type RuleFinding, severities } from '../policy/index.ts';
import { time } from '../schema.ts';
import { foundText, quote } from '../text.ts';
import { isSystemError, systemErrorText } from './files/system-error.ts';
import { UsageError } from './host.ts';

/** A rule of a user failed. */
export class RuleError extends Error {}

/**
 * Reads the policy rules that a module exports: a list as `default` or as `rules`. They are recognised by their shape, because the
 * module may import another copy of secret-stages.
 *
 * @throws {UsageError} if the module cannot be loaded or exports no list, or if an entry of the list is not a rule or has the id of
 * another one. A rule of the list throws a {@link RuleError} when it fails.
 */
export async function readRules(file: string): Promise<readonly PolicyRule[]> {
  const found = listIn(await loaded(file));
  if (found === undefined)
    throw new UsageError(`${file} does not export a list of rules. Write: export default [defineRule({ … })]`);
  const ids = new Set(pack.map(({ id }) => id));
  return found.map((rule: unknown, index) => {
    if (!isRule(rule)) {
      const why = isObject(rule) ? faultsOf(rule).join(', ') : `it is ${foundText(rule)}`;
      throw new UsageError(
        `Rule ${index + 1} of ${file} is not a rule: ${why}. Make it with defineRule of secret-stages/policy.`,
      );
    }
    if (ids.has(rule.id))
      throw new UsageError(
        `Rule ${index + 1} of ${file} has the id ${quote(rule.id)} of another rule. Give it another id.`,
      );
    ids.add(rule.id);
    return guarded(rule, file);
  });
}

async function loaded(file: string): Promise<unknown> {
  try {
    await access(file);
    // A module is not a plain object.
    return { ...(await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href)) };
  } catch (error) {
    // An error of the module itself can have a code, too.
    if (isSystemError(error) && error.path === file) throw new UsageError(systemErrorText(error, file));
    throw new UsageError(`${file} cannot be loaded. ${messageOf(error)}`);
  }
}

/** The list in a module. What a CommonJS module exports is the default of an ES module. */
function listIn(module: unknown): readonly unknown[] | undefined {
  const main = fieldOf(module, 'default');
  return [main, fieldOf(module, 'rules'), fieldOf(main, 'default'), fieldOf(main, 'rules')].find(Array.isArray);
}

function isRule(value: unknown): value is PolicyRule {
  return faultsOf(value).length === 0;
}

function faultsOf(value: unknown): readonly string[] {
  const faults = Object.entries(shape).filter(([name, { fits }]) => !fits(fieldOf(value, name)));
  return faults.map(([name, { is }]) => `its ${name} must be ${is}`);
}

const text = { is: 'a non-empty string', fits: (value: unknown) => typeof value === 'string' && value !== '' };
const method = { is: 'a function', fits: (value: unknown) => typeof value === 'function' };
const shape: Readonly<Record<string, { readonly is: string; readonly fits: (value: unknown) => boolean }>> = {
  id: text,
  title: text,
  why: text,
  advice: text,
  severity: { is: `one of ${severities.join(', ')}`, fits: (value) => severities.some((one) => one === value) },
  thresholds: { is: 'an object', fits: isObject },
  needs: { is: 'a list', fits: Array.isArray },
  misses: method,
  find: method,
  findInChange: method,
  with: method,
};

/** A rule whose failures name it. */
function guarded(rule: PolicyRule, file: string): PolicyRule {
  const attempt = <Result>(secret: Case, run: () => Result): Result => {
    try {
      // A rule must not change what other rules see.
      Object.freeze(secret);
      return run();
    } catch (error) {
      const place = `Rule ${quote(rule.id)} of ${file} failed on secret ${quote(secret.state.name)}.`;
      throw new RuleError(`${place} ${messageOf(error)}`);
    }
  };
  return {
    ...rule,
    misses: (secret, unknown) => attempt(secret, () => rule.misses(secret, unknown)),
    find: (secret) => attempt(secret, () => findings(rule.find(secret))),
    findInChange: (secret) => attempt(secret, () => findings(rule.findInChange(secret))),
    with: (changes) => guarded(rule.with(changes), file),
  };
}

const optionalText = v.optional(v.string());
const findingSchema = v.object({
  sentence: v.string(),
  stage: optionalText,
  versionId: optionalText,
  since: v.optional(time),
  remedies: v.optional(v.array(v.unknown())),
});

const isFinding = (finding: unknown): boolean => v.is(findingSchema, finding);

/** What a rule found, if that can be read. */
function findings(found: readonly RuleFinding[]): readonly RuleFinding[] {
  if (Array.isArray(found) && found.every(isFinding)) return found;
  throw new TypeError('It must return a list of findings: { sentence, stage?, versionId?, since?, remedies? }.');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : foundText(error);
}
