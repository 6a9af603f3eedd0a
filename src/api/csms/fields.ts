import * as v from 'valibot';
import { fieldOf, parseJson } from '../../json.ts';
import { bytesIn } from '../value.ts';
import { defaultSettings, type Settings, type Tag } from './secret.ts';

/** Limits a text in UTF-8. */
export function within(most: number) {
  return v.check((text: string) => bytesIn(text) <= most, `at most ${most} bytes of UTF-8`);
}

/** A field that a call must omit, because what it asks for would not happen. */
function omitted(why: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.check((value) => value === null, `omitted, because ${why}`),
      v.transform(() => null),
    ),
  );
}

/**
 * The settings that CreateSecret sets and UpdateSecret changes. Source: CSMS API reference and its definition (documented: 2,048 bytes; one
 * event of at most 32 characters; 6 to 8,760 hours). Assumed: the id of a key, and the name of an event or a function, can be any text.
 */
function changingFields() {
  return {
    description: v.nullish(v.pipe(v.string(), within(2048))),
    kms_key_id: v.nullish(v.pipe(v.string(), within(64))),
    auto_rotation: v.nullish(v.boolean()),
    rotation_period: v.nullish(
      v.pipe(v.string(), v.check(isPeriod, '6 hours to 365 days, as a whole number with d, h, m or s, such as 30d')),
    ),
    rotation_func_urn: v.nullish(v.string()),
    event_subscriptions: v.nullish(
      v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(32, 'at most 32 characters'))),
        v.maxLength(1, 'a list of at most one event'),
      ),
    ),
  };
}

const seconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

const isPeriod = (period: string): boolean => {
  const [, count, unit = ''] = /^(\d{1,9})([dhms])$/.exec(period) ?? [];
  const length = Number(count) * Number(seconds[unit]);
  return length >= 6 * 3600 && length <= 365 * 86_400;
};

const addsTags = 'only BatchCreateOrDeleteTags adds tags';

/** The fields of UpdateSecret. Source: UpdateSecret (documented: only metadata; the other fields are not listed). */
export function updateFields() {
  const value = omitted('CreateSecretVersion changes the value');
  const fixed = omitted('UpdateSecret cannot change it');
  return {
    ...changingFields(),
    secret_string: value,
    secret_binary: value,
    name: fixed,
    tags: omitted(addsTags),
    secret_type: fixed,
    rotation_config: fixed,
    enterprise_project_id: fixed,
  };
}

/**
 * The fields of CreateSecret apart from the name and the value. Source: CreateSecret and its definition (documented: the types, and that
 * RDS is replaced by RDS-FG; the lengths). It does not list the fields that must be omitted.
 */
export function creationFields() {
  return {
    ...changingFields(),
    secret_type: v.nullish(
      v.pipe(
        v.string(),
        v.check((type) => /^(COMMON|RDS-FG|GaussDB-FG)$/.test(type), 'COMMON, RDS-FG or GaussDB-FG'),
      ),
    ),
    rotation_config: v.nullish(v.pipe(v.string(), v.maxLength(1024, 'at most 1024 characters'))),
    enterprise_project_id: v.nullish(v.pipe(v.string(), v.regex(/^.{1,36}$/su, '1 to 36 characters'))),
    tags: omitted(addsTags),
    version_stages: omitted('the first version gets SYSCURRENT'),
    expire_time: omitted('UpdateVersion sets it'),
  };
}

/** Whether a secret is COMMON, or names its database. Source: CreateSecret (documented). */
export function namesDatabase({ secret_type, rotation_config }: SettingFields): boolean {
  const config = parseJson(rotation_config ?? '');
  const type = fieldOf(config, 'SecretSubType');
  return (
    (secret_type ?? defaultSettings.secretType) === defaultSettings.secretType ||
    (typeof fieldOf(config, 'InstanceId') === 'string' && (type === 'SingleUser' || type === 'MultiUser'))
  );
}

export const databaseRule =
  'JSON text with InstanceId and a SecretSubType of SingleUser or MultiUser, because secret_type is not COMMON';

type SettingFields = {
  readonly [Name in
    | 'description'
    | 'kms_key_id'
    | 'secret_type'
    | 'enterprise_project_id'
    | 'rotation_period'
    | 'rotation_config'
    | 'rotation_func_urn']?: string | null | undefined;
} & { readonly event_subscriptions?: readonly string[] | null | undefined };

/** Returns the settings that a request gives. An empty event is ignored, because the cloud returns one for a secret without events (example: Terraform's provider). */
export function settingsIn(fields: SettingFields): Partial<Settings> {
  const given = (name: Exclude<keyof Settings, 'eventSubscriptions'>, setting: string | null | undefined) =>
    typeof setting === 'string' && { [name]: setting };
  const events = fields.event_subscriptions;
  return {
    ...given('description', fields.description),
    ...given('kmsKeyId', fields.kms_key_id),
    ...given('secretType', fields.secret_type),
    ...given('enterpriseProjectId', fields.enterprise_project_id),
    ...given('rotationPeriod', fields.rotation_period),
    ...given('rotationConfig', fields.rotation_config),
    ...given('rotationFuncUrn', fields.rotation_func_urn),
    ...(events && { eventSubscriptions: Object.freeze(events.filter((event) => event !== '')) }),
  };
}

/**
 * A tag. Source: CSMS API reference, CreateSecretTag and its definition (documented). Older pages say 36 and 43 characters. A lone
 * surrogate is not a letter.
 */
export function tagSchema() {
  return v.pipe(
    v.object({
      key: v.pipe(
        v.string(),
        v.regex(
          /^(?!\s|_sys_|.*\s$)[\p{L}\p{Z}\p{N}_.:=+\-@]{1,128}$/su,
          '1 to 128 letters, digits, spaces or _.:=+-@, without a space at an end or _sys_ at the start',
        ),
      ),
      value: v.nullish(
        v.pipe(
          v.string(),
          v.regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,255}$/u, 'at most 255 letters, digits, spaces or _.:/=+-@'),
        ),
      ),
    }),
    v.transform(({ key, value }): Tag => Object.freeze({ key, value: value ?? '' })),
  );
}

/** The body of BatchCreateOrDeleteTags. Source: its page and definition (documented: 1 to 20 tags, create or delete). */
export function tagsSchema() {
  return v.object({
    action: actionOf(/^(create|delete)$/, 'create or delete'),
    tags: v.pipe(
      v.array(tagSchema()),
      v.check(({ length }) => length >= 1 && length <= 20, 'a list of 1 to 20 tags'),
      v.check((tags) => isUnique(tags.map(({ key }) => key)), 'a list with each key once'),
    ),
  });
}

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

const actionOf = (pattern: RegExp, rule: string) => v.pipe(v.string(), v.regex(pattern, rule));

/**
 * The body of ListResourceInstances. Source: its page (documented: limit 1 to 1,000, 10 if omitted; at most 10 tags; matches has only resource_name) and
 * Terraform's provider (example: numbers).
 */
export function filterSchema() {
  const whole = (least: number, most: number, rule: string) =>
    v.nullish(
      v.pipe(
        v.union([v.string(), v.number()]),
        v.check((value) => /^\d{1,9}$/.test(`${value}`) && Number(value) >= least && Number(value) <= most, rule),
        v.transform(Number),
      ),
    );
  return v.object({
    action: actionOf(/^(filter|count)$/, 'filter or count'),
    limit: whole(1, 1000, 'a whole number from 1 to 1000'),
    offset: whole(0, 999_999_999, 'a whole number from 0'),
    tags: v.nullish(
      v.pipe(
        v.array(v.object({ key: v.string(), values: v.nullish(v.array(v.string())) })),
        v.maxLength(10, 'a list of at most 10 tags'),
      ),
    ),
    matches: v.nullish(
      v.array(v.object({ key: actionOf(/^resource_name$/, 'resource_name'), value: v.nullish(v.string()) })),
    ),
  });
}

/** The names in BatchShowSecretVersion. Assumed: each once. Otherwise a short request could have an answer of gigabytes. */
export function namesSchema() {
  return v.pipe(
    v.array(v.string()),
    v.check((names) => isUnique(names), 'a list with each name once'),
  );
}

/** The body of GenerateRandomPassword. Source: its page (documented: 32 characters and false if omitted). Assumed: at most 4,096 characters, as in AWS. */
export function passwordSchema() {
  const no = v.nullish(v.boolean());
  return v.optional(
    v.object({
      length: v.nullish(
        v.pipe(
          v.number(),
          v.check(
            (length) => Number.isInteger(length) && length >= 1 && length <= 4096,
            'a whole number from 1 to 4096',
          ),
        ),
      ),
      exclude_characters: v.nullish(v.string()),
      exclude_lowercase: no,
      exclude_uppercase: no,
      exclude_numbers: no,
      exclude_punctuation: no,
      include_space: no,
      require_each_included_type: no,
      password_policy_name: omitted('the emulator has no password policies'),
    }),
    {},
  );
}
