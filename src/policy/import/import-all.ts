import type { Dialect } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { listProblems } from '../../service/index.ts';
import { hiddenText } from '../../text.ts';
import { awsResponses } from './aws.ts';
import { csmsResponses } from './csms.ts';
import type { Packing } from './groups.ts';
import {
  type Imported,
  type ImportedSecret,
  type ImportOptions,
  type Input,
  inputsIn,
  type Place,
  type UseSecret,
  unlessTooLarge,
} from './imported.ts';
import { readerOf, startResponses } from './responses.ts';
import { readSnapshot } from './snapshot.ts';
import { readState, readSubject } from './state.ts';

/** A parsed JSON file, and its name. */
export interface JsonDocument {
  /** Its name in problems, such as the path of the file. */
  readonly name: string;
  /** What `JSON.parse` returned. */
  readonly json: unknown;
}

/**
 * Imports secrets from many documents. A document is a state, a subject (`{ state, dialect, expireTimes, unknown, project }`, as
 * importers return it), a snapshot of the emulator, a response of CSMS or of AWS Secrets Manager, or a list of any of these. Responses
 * about one secret can be in several documents: they are joined by the name of the secret, in AWS by its ARN. Never throws.
 *
 * Responses are recognised by their fields. If `dialect` is omitted, those of AWS are read by `awsSecretsManager`, those of CSMS by
 * `huaweiCsms`, and a state by the cloud that it names, so one call reads documents of several clouds. If `dialect` is given, it
 * applies to all documents, and one of another cloud is a problem that names both.
 *
 * If anything is wrong, nothing is imported. The path of a problem begins with the name of its document. Reads at most 2,000,000 JSON
 * values (about 250,000 versions). Lists up to 20 problems and the number of further ones.
 *
 * @example
 * const secret = { id: 'a', name: 'db', state: 'DISABLED' };
 * const v1 = { id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] };
 * const imported = importAll([{ name: 'secret.json', json: { secret } }, { name: 'versions.json', json: { version_metadatas: [v1] } }]);
 * imported.ok && imported.secrets.map(({ state }) => state.status); // ['DISABLED']
 */
export function importAll(documents: readonly JsonDocument[], { dialect }: ImportOptions = {}): Imported {
  const jsons = documents.map(({ json }) => json);
  return unlessTooLarge(jsons, 'input', () => {
    const secrets: ImportedSecret[] = [];
    const { add, end } = startImport((secret) => secrets.push(secret), { dialect });
    for (const document of documents) add(document);
    const problems = end();
    return problems.length > 0 ? { ok: false, problems } : { ok: true, secrets: Object.freeze(secrets) };
  });
}

/**
 * Imports secrets from one document, see {@link importAll}. Problems call it `input`.
 *
 * @example
 * importAny(createSecret({ name: 'db', at: 0 })).ok; // true
 * importAny({ hello: 'world' }).ok; // false
 */
export function importAny(input: unknown, options?: ImportOptions): Imported {
  return importAll([{ name: 'input', json: input }], options);
}

/** An import of documents that come one at a time. */
export interface Importing {
  /** Reads a document. */
  readonly add: (document: JsonDocument) => void;
  /** Joins the responses. Returns every problem: if there is one, what was imported is not complete. */
  readonly end: () => readonly Problem[];
}

/** {@link importAll} for more documents than fit into the memory. It passes on each secret as soon as it is complete. */
export function startImport(
  use: UseSecret,
  { dialect, packing }: ImportOptions & { readonly packing?: Packing } = {},
): Importing {
  const formats = [csmsResponses(dialect), awsResponses(dialect)].map((format) => ({
    format,
    responses: startResponses(format, packing),
  }));
  const problems: Problem[] = [];
  const read = (input: Input, place: Place) => {
    const found = formats.find(({ format }) => readerOf(input.json, format));
    if (found) {
      found.responses.add(input, place);
      return;
    }
    const other = readOther(input, dialect);
    if (other.ok) for (const secret of other.secrets) use(secret, place);
    else for (const problem of other.problems) problems.push(problem);
  };
  let documents = 0;
  return {
    add: ({ name, json }) => {
      const inputs = Array.isArray(json) ? inputsIn(json, name) : [{ path: name, json }];
      for (const [index, input] of inputs.entries()) read(input, [documents, index]);
      documents++;
    },
    end: () => listProblems([problems, ...formats.map(({ responses }) => responses.end(use))].flat(), 'input'),
  };
}

function readOther(input: Input, dialect: Dialect | undefined): Imported {
  const { path, json } = input;
  if (fieldOf(json, 'projects') !== undefined) return readSnapshot(input, dialect);
  if (isObject(fieldOf(json, 'state'))) return readSubject(input, dialect);
  if (fieldOf(json, 'versions') !== undefined) return readState(input, dialect);
  const expected =
    'a state, a snapshot of the emulator, a response of CSMS (ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage) or of ' +
    'AWS Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), or a list of these';
  return { ok: false, problems: [{ path, expected, found: hiddenText(json) }] };
}
