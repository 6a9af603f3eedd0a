import type { Dialect } from '../../dialects/index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { readAnswers, readerOf } from './answers.ts';
import { awsAnswers } from './aws.ts';
import { csmsAnswers } from './csms.ts';
import { type Imported, type ImportOptions, type Input, inputsIn, merged, unlessTooLarge } from './imported.ts';
import { readSnapshot } from './snapshot.ts';
import { readState, readSubject } from './state.ts';

/** A parsed JSON file, and its name. */
export interface JsonDocument {
  readonly name: string;
  readonly json: unknown;
}

/**
 * Reads many documents as one import. Each is a state, a subject (`{ state, dialect, expireTimes, unknown, project }`, such as an
 * importer gave), a snapshot of the emulator, an answer of CSMS or of AWS Secrets Manager, or a list of any of these. Answers belong
 * together by the name of the secret (of AWS, by its ARN), in whichever documents they are; all else stands for itself. Nothing is
 * thrown, whatever the JSON.
 *
 * An answer is recognised by its fields. If `dialect` is omitted, an answer of AWS is read by `awsSecretsManager`, an answer of
 * CSMS by `huaweiCsms`, and a state by the cloud that it names, so one call reads documents of several clouds. If `dialect` is
 * given, it reads all documents, and one of another cloud is a problem that names both.
 *
 * Nothing is imported as long as anything is wrong. The path of a problem begins with the name of its document. All documents
 * together hold at most 2,000,000 JSON values, some 250,000 versions, and at most 20 problems are listed and how many more there are.
 *
 * @example
 * const secret = { id: 'a', name: 'db', state: 'DISABLED' };
 * const v1 = { id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] };
 * const imported = importAll([{ name: 'secret.json', json: { secret } }, { name: 'versions.json', json: { version_metadatas: [v1] } }]);
 * imported.ok && imported.secrets.map(({ state }) => state.status); // ['DISABLED']
 */
export function importAll(documents: readonly JsonDocument[], { dialect }: ImportOptions = {}): Imported {
  const jsons = documents.map(({ json }) => json);
  return unlessTooLarge(jsons, 'input', () => readAll(documents, dialect));
}

/**
 * {@link importAll} of one document, which problems call `input`.
 *
 * @example
 * importAny(createSecret({ name: 'db', at: 0 })).ok; // true
 * importAny({ hello: 'world' }).ok; // false
 */
export function importAny(input: unknown, options?: ImportOptions): Imported {
  return importAll([{ name: 'input', json: input }], options);
}

function readAll(documents: readonly JsonDocument[], dialect: Dialect | undefined): Imported {
  const inputs = documents.flatMap(({ name, json }) =>
    Array.isArray(json) ? inputsIn(json, name) : [{ path: name, json }],
  );
  const formats = [csmsAnswers(dialect), awsAnswers(dialect)];
  const formatOf = ({ json }: Input) => formats.find((format) => readerOf(json, format));
  const others = inputs.filter((input) => !formatOf(input)).map((input) => readOther(input, dialect));
  const answers = formats.map((format) => {
    const own = inputs.filter((input) => formatOf(input) === format);
    return readAnswers(own, format);
  });
  return merged([...others, ...answers], 'input');
}

function readOther(input: Input, dialect: Dialect | undefined): Imported {
  const { path, json } = input;
  if (fieldOf(json, 'projects') !== undefined) return readSnapshot(input, dialect);
  if (isObject(fieldOf(json, 'state'))) return readSubject(input, dialect);
  if (fieldOf(json, 'versions') !== undefined) return readState(input, dialect);
  const expected =
    'a state, a snapshot of the emulator, an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage, one of AWS ' +
    'Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), or a list of these';
  return { ok: false, problems: [{ path, expected }] };
}
