import type { Message, Notification, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import { version } from '../../../package.json';
import { printable } from '../../text.ts';
import type { Remark } from '../import/index.ts';
import type { CheckReport, ReportedFinding, ReportedRule, ReportedSecret } from './check-report.ts';

/** A SARIF log, as plain JSON. */
export interface SarifLog {
  /** The address of the JSON schema of SARIF. */
  readonly $schema: string;
  /** The version of SARIF. */
  readonly version: '2.1.0';
  /** One run, with its tool, its results and its notifications. */
  readonly runs: readonly object[];
}

/**
 * Writes a report as a SARIF log, for viewers of code scanning: a result for each finding, and a notification for whatever could not be
 * checked. Source: SARIF 2.1.0, OASIS (documented).
 *
 * Viewers need a line. In a transcript it is the line since which the finding holds, or else the last that changed the secret.
 *
 * @example
 * const imported = importAll([{ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) }]);
 * const log = imported.ok && toSarif(checkAll(imported.secrets, { at: 1000 }));
 * log.version; // '2.1.0'
 */
export function toSarif({ rules, secrets, remarks }: CheckReport): SarifLog {
  const places = new Map(rules.map(({ id }, index) => [id, index]));
  const indexOf = (rule: string) => places.get(rule) ?? -1;
  const counts = new Map<string, number>();
  const results = secrets.flatMap((secret) =>
    secret.findings.map((finding): Result => {
      const { rule, severity, sentence, stage, versionId, since, remedy, fingerprint, line = secret.line } = finding;
      const names = [secret.project, secret.name, stage, versionId];
      const fullyQualifiedName = names.filter((name) => name !== null && name !== undefined).join('/');
      // Several files can have secrets of one name, and a stage can get stuck on a version twice.
      const count = (counts.get(fingerprint) ?? 0) + 1;
      counts.set(fingerprint, count);
      return {
        ruleId: rule,
        ruleIndex: indexOf(rule),
        level: severity,
        message: messageOf(`${secret.name}: ${sentence} ${remedyText(finding, rules[indexOf(rule)])}`),
        locations: [{ physicalLocation: locationOf(secret.file, line), logicalLocations: [{ fullyQualifiedName }] }],
        partialFingerprints: { 'secretStages/v1': `${fingerprint}:${count}` },
        properties: { stage, versionId, since, remedy },
      };
    }),
  );
  const toolExecutionNotifications = [
    ...secrets.flatMap((secret) => notificationsOf(secret, indexOf)),
    ...remarks.map(notificationFor),
  ];
  const driver = { name: 'secret-stages', version, rules: rules.map(descriptorOf) };
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications }];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', invocations, results }],
  };
}

const descriptorOf = ({ id, title, why, advice, severity, thresholds }: ReportedRule): ReportingDescriptor => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: advice },
  defaultConfiguration: { level: severity },
  properties: { thresholds },
});

/**
 * A message in which no name is a link, as `[…](…)` would be (documented: messages with embedded links). Names in it are JSON, in which
 * the escaped bracket means the same.
 */
const messageOf = (text: string): Message => ({ text: printable(text).replaceAll('](', ']\\u0028') });

/** The message has the remedy, because viewers show only the message. A command in which a name looks like a link would be changed. */
const remedyText = ({ commands }: ReportedFinding, rule: ReportedRule | undefined): string => {
  const isChanged = commands.some((command) => !command.startsWith('{') && command.includes(']('));
  return commands.length > 0 && !isChanged ? `Fix: ${commands.join(' && ')}` : `What to do: ${rule?.advice}`;
};

const notificationsOf = (secret: ReportedSecret, indexOf: (rule: string) => number): readonly Notification[] => {
  const locations = [{ physicalLocation: locationOf(secret.file, secret.line) }];
  const missed = secret.unchecked.flatMap(({ rules, sentence }) =>
    rules.map((id): Notification => {
      const associatedRule = { id, index: indexOf(id) };
      return { level: 'note', associatedRule, message: messageOf(`${secret.name}: ${sentence}`), locations };
    }),
  );
  const remarks = secret.remarks.map(
    (sentence): Notification => ({ level: 'note', message: messageOf(`${secret.name}: ${sentence}`), locations }),
  );
  return [...missed, ...remarks];
};

const notificationFor = ({ kind, sentence }: Remark): Notification => ({
  level: kind === 'date' ? 'note' : 'warning',
  message: messageOf(sentence),
});

const locationOf = (file: string, startLine: number): PhysicalLocation => {
  return { artifactLocation: { uri: uriOf(file) }, region: { startLine } };
};

/** A relative path as a relative URI, and an absolute one as a URI of a file. */
const uriOf = (file: string): string => {
  // Half of a surrogate pair, which Windows allows in a name, cannot be encoded.
  const sound = file.replaceAll('\\', '/').replace(/\p{Cs}/gu, '\ufffd');
  const uri = sound.split('/').map(encodeURIComponent).join('/');
  if (uri.startsWith('/')) return `file://${uri}`;
  return /^[A-Za-z]%3A\//.test(uri) ? `file:///${uri.replace('%3A', ':')}` : uri;
};
