import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, Message, Notification, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import { version } from '../../package.json';
import { explainUnknown, type Finding, type PolicyRule, type Unknown } from '../policy/index.ts';
import { asJson, printable } from '../text.ts';
import type { Checked } from './checked.ts';
import { remedyLine } from './draw/remedy-line.ts';
import type { ReadSecret } from './read-secrets.ts';

/**
 * Findings as a SARIF log for code-scanning viewers. Source: SARIF 2.1.0, OASIS (documented). Viewers need a line. In a transcript it
 * is the line since which the finding holds, or else the last line that changed the secret. In any other file it is the line of the
 * secret.
 */
export function sarifOf(checked: readonly Checked[], policy: readonly PolicyRule[]): Log {
  const driver = { name: 'secret-stages', version, rules: policy.map(descriptorOf) };
  const results = checked.flatMap(({ secret, findings }) => findings.map((one) => resultOf(one, secret, policy)));
  const toolExecutionNotifications = checked.flatMap(({ secret, unchecked }) =>
    unchecked.flatMap(({ unknown, rules }) => rules.map((rule) => notificationOf(rule, unknown, secret, policy))),
  );
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications }];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', invocations, results }],
  };
}

const descriptorOf = ({ id, title, why, advice, severity, thresholds }: PolicyRule): ReportingDescriptor => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: advice },
  defaultConfiguration: { level: severity },
  properties: { thresholds },
});

const resultOf = (finding: Finding, secret: ReadSecret, policy: readonly PolicyRule[]): Result => {
  const { rule, severity, sentence, stage, versionId, since, remedy } = finding;
  const names = [secret.project, secret.state.name, stage, versionId];
  const physicalLocation = locationOf(secret, lineOf(secret, finding));
  const fullyQualifiedName = names.filter((name) => name !== null && name !== undefined).join('/');
  return {
    ruleId: rule,
    ruleIndex: indexOf(rule, policy),
    level: severity,
    message: messageOf(secret, `${sentence} ${remedyText(finding, secret, policy)}`),
    locations: [{ physicalLocation, logicalLocations: [{ fullyQualifiedName }] }],
    // A stage can get stuck on the same version twice, and several files can have secrets of the same name.
    partialFingerprints: { 'secretStages/v1': asJson([rule, secret.file, ...names, since]) },
    properties: { stage, versionId, since, remedy },
  };
};

/**
 * A message in which no name is a link, as `[…](…)` would be (documented: messages with embedded links). Names and calls in it are
 * JSON, in which the escaped bracket means the same.
 */
const messageOf = ({ state }: ReadSecret, text: string): Message => ({
  text: printable(`${state.name}: ${text}`).replaceAll('](', ']\\u0028'),
});

/** The message has the remedy, because viewers show only the message. */
const remedyText = ({ rule, remedy }: Finding, secret: ReadSecret, policy: readonly PolicyRule[]): string =>
  remedy.length > 0
    ? `Fix: ${remedy.map((action) => remedyLine(action, secret)).join(' ')}`
    : `What to do: ${policy.find(({ id }) => id === rule)?.advice}`;

const notificationOf = (
  rule: string,
  unknown: Unknown,
  secret: ReadSecret,
  policy: readonly PolicyRule[],
): Notification => ({
  level: 'note',
  associatedRule: { id: rule, index: indexOf(rule, policy) },
  message: messageOf(secret, explainUnknown(unknown, secret.dialect)),
  locations: [{ physicalLocation: locationOf(secret, secret.line) }],
});

const indexOf = (rule: string, policy: readonly PolicyRule[]): number => policy.findIndex(({ id }) => id === rule);

const locationOf = ({ file }: ReadSecret, startLine: number): PhysicalLocation => {
  return { artifactLocation: { uri: uriOf(file) }, region: { startLine } };
};

/** Relative to the current folder, as viewers need it; absolute for a file outside of it. */
const uriOf = (file: string): string => {
  const path = relative('', file);
  return path.startsWith('..') || isAbsolute(path)
    ? pathToFileURL(file).href
    : path.split(sep).map(encodeURIComponent).join('/');
};

const lineOf = ({ moments, line }: ReadSecret, { stage, versionId, since }: Finding): number => {
  const begins = moments.find(
    ({ at, state }) => at === since && state.stages.some((held) => held.name === stage && held.versionId === versionId),
  );
  return (begins ?? moments.at(-1))?.line ?? line;
};
