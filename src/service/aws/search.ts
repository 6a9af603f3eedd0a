import * as v from 'valibot';
import { type AwsError, type AwsSecret, errors, primaryRegionOf, type Request } from '../../api/aws/index.ts';
import { parseJson } from '../../json.ts';

type Filters = Request<'ListSecrets'>['Filters'];
type Sorting = Pick<Request<'ListSecrets'>, 'SortBy' | 'SortOrder'>;

/** The position of a secret or a version in a list: a time or a name, then what orders those with the same one. */
type Position = readonly [string | number, string | number];

/**
 * Returns the secrets that match every filter, in the given order. A filter matches if one of its values does. A value that starts with
 * `!` matches if the rest does not.
 *
 * Source: ListSecrets (documented). That a description is matched by words, and what a word is, is observed in tests of moto that are
 * verified against AWS.
 */
export function matching(secrets: readonly AwsSecret[], filters: Filters): readonly AwsSecret[] {
  return secrets.filter((secret) =>
    (filters ?? []).every(({ Key, Values }) =>
      Values.some((value) => {
        const isNegated = value.startsWith('!');
        const pattern = isNegated ? value.slice(1) : value;
        return texts(secret, Key).some((text) => matches(text, pattern, Key)) !== isNegated;
      }),
    ),
  );
}

/** No secret of the emulator has an owning service. */
function texts(secret: AwsSecret, key: string): readonly string[] {
  const { state, description, tags } = secret;
  const keys = (tags ?? []).map((tag) => tag.Key);
  const values = (tags ?? []).map((tag) => tag.Value);
  if (key === 'name') return [state.name];
  if (key === 'description') return [description ?? ''];
  if (key === 'tag-key') return keys;
  if (key === 'tag-value') return values;
  if (key === 'primary-region') return [primaryRegionOf(secret)].filter((region) => region !== undefined);
  return key === 'all' ? [state.name, description ?? '', ...keys, ...values] : [];
}

function matches(text: string, pattern: string, key: string): boolean {
  if (key !== 'description' && key !== 'all') return text.startsWith(pattern);
  const words = wordsIn(text);
  const wanted = wordsIn(pattern);
  return wanted.length > 0 && wanted.every((each) => words.some((word) => word.startsWith(each)));
}

/**
 * Splits a text into words in lower case: at spaces, and each part at its separator and before a capital letter that a small one follows.
 * A part with two different separators is one word (observed for names).
 */
function wordsIn(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .flatMap((part) =>
      new Set(part.match(/[/\-_+=.@]/g)).size > 1 ? [part] : part.split(/[/\-_+=.@]|(?<=.)(?=[A-Z][a-z])/),
    )
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Sorts secrets. Source: ListSecrets (documented); that the oldest is the first is observed, and the order of equal ones assumed. */
export function sorted(secrets: readonly AwsSecret[], { SortBy, SortOrder }: Sorting): readonly AwsSecret[] {
  const direction = SortOrder === 'desc' ? -1 : 1;
  return [...secrets].sort((one, other) => direction * compare(positionOf(one, SortBy), positionOf(other, SortBy)));
}

/** Returns the position of a secret in a list that is sorted by a field. */
export function positionOf({ state, createTime, updateTime, accessTime }: AwsSecret, by: Sorting['SortBy']): Position {
  const { name } = state;
  if (by === 'name') return [name, name];
  if (by === 'last-accessed-date') return [accessTime ?? 0, name];
  return [by === 'last-changed-date' ? updateTime : createTime, name];
}

/**
 * Returns a page of a list, with the token of the next page: what list it is of, and the position of the last item. So a page stays valid
 * if items before it are deleted, and a token of another list or order is refused.
 */
export function pageOf<Item>(
  items: readonly Item[],
  position: (item: Item) => Position,
  { MaxResults, NextToken, ...order }: Pick<Request<'ListSecrets'>, 'MaxResults' | 'NextToken'> & Sorting,
  { of, usual }: { readonly of: string; readonly usual: number },
): { readonly items: readonly Item[]; readonly NextToken?: string } | { readonly error: AwsError } {
  const kind = [of, order.SortBy ?? 'created-date', order.SortOrder ?? 'asc'].join(' ');
  const after = typeof NextToken === 'string' ? positionIn(NextToken, kind) : undefined;
  if (typeof NextToken === 'string' && !after) return { error: errors.invalidNextToken };
  const direction = order.SortOrder === 'desc' ? -1 : 1;
  const rest = items.filter((item) => !after || direction * compare(position(item), after) > 0);
  const page = rest.slice(0, MaxResults ?? usual);
  const last = page.at(-1);
  return {
    items: page,
    ...(last && page.length < rest.length && { NextToken: JSON.stringify([kind, ...position(last)]) }),
  };
}

function positionIn(token: string, kind: string): Position | undefined {
  const read = v.safeParse(v.strictTuple([v.literal(kind), part, part]), parseJson(token));
  return read.success ? [read.output[1], read.output[2]] : undefined;
}

const part = /* @__PURE__ */ v.union([/* @__PURE__ */ v.string(), /* @__PURE__ */ v.number()]);

function compare([first, second]: Position, [otherFirst, otherSecond]: Position): number {
  if (first !== otherFirst) return first < otherFirst ? -1 : 1;
  if (second === otherSecond) return 0;
  return second < otherSecond ? -1 : 1;
}
