import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Colors } from 'picocolors/types.js';
import { projectId } from '../api/csms/calls.ts';
import type { Broken, Conformance, DriverAnswer, SecretDriver, TriedLaw } from '../testing/index.ts';
import { asJson, counted, printable } from '../text.ts';

import { type Command, colorsFor, type Host, print, UsageError } from './host.ts';
import { quoted } from './judged.ts';
import type { TestCase, TestSuite } from './junit.ts';
import { readOptions } from './options.ts';

const options = {
  project: { type: 'string' },
  token: { type: 'string' },
  runs: { type: 'string' },
  seed: { type: 'string' },
  path: { type: 'string' },
  junit: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const conform: Command = {
  usage: `secret-stages conform URL --project ID [--token TOKEN] [--runs N] [--seed N] [--path PATH] [--junit FILE] [--json]

  Holds a live endpoint that speaks the API of CSMS to the model: plays random calls on secrets of its own, says of each law
  whether it held, and of a broken one the fewest calls that break it, as lines for \`replay\`.

  The names of its secrets begin with conform- and 8 signs of this run. It touches no others, and deletes these for good, also
  when it is stopped with Ctrl-C; what it could not delete it names.

  --project ID   the project to make them in
  --token TOKEN  the X-Auth-Token; what stands on a command line can be seen by others of the machine, so better leave it out
                 and set CSMS_TOKEN in the environment
  --runs N       how many secrets to play with: 200 unless told otherwise, which takes some 30,000 requests
  --seed N       with --path PATH as an earlier run told them: does that again
  --junit FILE   writes JUnit XML, a test case a law
  --json         prints what was found as JSON

  Exit code: 0 every law that was tried held; 1 a law is broken; 2 it could not be run, or not to its end`,

  run: async (host, args) => {
    const request = readRequest(host, args);
    const { url, project, token, runs, seed, path, junit, json } = request;
    // Only here, for what makes random calls is nearly all of this command.
    const testing = await import('../testing/index.ts');
    const { checkConformance, fetchDriver } = testing;
    const prefix = `conform-${randomUUID().slice(0, 8)}`;
    const watch = watchOver((send) => fetchDriver(url, { project, token, fetch: send }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      host.once(signal, () => {
        watch.stop(new Stopped(signal));
        host.stderr.write(`${signal}: what was made is being removed. Once more, and it is left as it is.\n`);
      });
    }
    if (!json) await print(host, `${printable(url)} is held to the model, with secrets ${prefix}-… of its own.\n\n`);

    let found: Conformance | undefined;
    try {
      await probe(watch.driver, `${prefix}-probe`).catch((error: unknown) => watch.stop(error));
      if (watch.end === undefined) {
        found = await checkConformance(watch.driver, { runs, seed, path, prefix }).catch((error: unknown) => {
          if (path === undefined) throw error;
          return undefined;
        });
        if (!found?.runs) throw new UsageError(`--path ${path} leads nowhere: take it and --seed from one report`);
      }
    } finally {
      const left = await watch.removeAll();
      if (left.length > 0) {
        const names = left.map((name) => `  ${name}\n`).join('');
        host.stderr.write(
          `It is not known whether these are in project ${printable(project)}; if they are, delete them:\n${names}`,
        );
      }
    }
    if (watch.end instanceof Stopped) {
      host.stderr.write(`secret-stages: stopped by ${watch.end.message}, so no law is judged\n`);
      return 2;
    }
    if (found === undefined || watch.end !== undefined) {
      throw new UsageError(`${url} cannot be held to the model`, [
        withoutToken(token)(`${watch.end}`.replace('Error: ', '')),
        advice,
      ]);
    }

    const again = againOf(request, found);
    const text = json ? `${asJson(found)}\n` : drawConformance(found, again, colorsFor(host), testing);
    await print(host, withoutToken(token)(text));
    if (junit !== undefined) {
      const { junitOf } = await import('./junit.ts');
      writeFileSync(junit, withoutToken(token)(junitOf(suiteOf(url, found, again, testing))));
    }
    return found.ok ? 0 : 1;
  },
};

const advice =
  'Look whether the URL is that of the endpoint alone, and whether the token (CSMS_TOKEN) is valid for the project and may create, change and delete secrets';

type Asked = ReturnType<typeof readRequest>;

const readRequest = ({ env }: Host, args: readonly string[]) => {
  const { values, positionals } = readOptions('conform', args, options);
  const { project, token = env['CSMS_TOKEN'], seed, path, junit, json } = values;
  const [url = '', ...others] = positionals;
  if (url === '' || others.length > 0) throw new UsageError(`conform takes one URL, not ${positionals.length}`);
  if (project === undefined) throw new UsageError('conform needs --project ID: where its secrets are to be made');
  if (!projectId.test(project)) {
    throw new UsageError(`--project must be an id of 1 to 64 characters that can be read, not ${project}`);
  }
  if (!token) throw new UsageError('conform needs a token: set CSMS_TOKEN to it, or give --token TOKEN');
  // The message of fetch about such a header would show it.
  if (!/^[!-~]+$/.test(token)) {
    throw new UsageError('the token has a sign that no header takes, such as a space or a line break at its end');
  }
  if (path !== undefined && seed === undefined) throw new UsageError('--path needs the --seed that was told with it');
  return {
    url: endpointIn(url),
    project,
    token,
    runs: numberIn('--runs', values.runs, /^[1-9]\d{0,8}$/, 'a whole number from 1'),
    seed: seedIn(seed),
    path,
    junit,
    json,
  };
};

const numberIn = (flag: string, given: string | undefined, rule: RegExp, must: string): number | undefined => {
  if (given === undefined) return undefined;
  if (!rule.test(given)) throw new UsageError(`${flag} must be ${must}, not ${given}`);
  return Number(given);
};

/** The generator takes 32 bits; of a longer one it would take others than were given. */
const seedIn = (given: string | undefined): number | undefined => {
  const seed = numberIn('--seed', given, /^-?\d{1,10}$/, 'a whole number');
  if (seed !== undefined && seed !== (seed | 0)) throw new UsageError(`--seed must be one of 32 bits, not ${given}`);
  return seed;
};

/** A password in a URL is nothing to show, so what is refused is not said again. */
const endpointIn = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isBare = url && /^https?:$/.test(url.protocol) && !`${url.username}${url.password}${url.search}${url.hash}`;
  if (isBare) return url.href.replace(/\/+$/, '');
  throw new UsageError(
    'URL must be the endpoint alone, http or https, such as http://127.0.0.1:8080: without a user, a query or a fragment',
  );
};

/**
 * Text without the token, for an endpoint may say again what it was sent. A short one is left: an emulator that takes any is
 * not given a secret, and it could be a part of any word.
 */
const withoutToken =
  (token: string) =>
  (text: string): string =>
    token.length < 16 ? text : text.replaceAll(token, '(the token)');

/** The system asked it to end; the message is the signal. */
class Stopped extends Error {}

/** A driver that is watched: what it made and has not removed, and what keeps it from going on. */
interface Watch {
  readonly driver: SecretDriver;
  /** It was stopped, or the endpoint cannot be reached. */
  readonly end: unknown;
  readonly stop: (reason: unknown) => void;
  /** Removes what is left, and answers with the names of what could not be. */
  readonly removeAll: () => Promise<readonly string[]>;
}

const watchOver = (connect: (send: (request: Request) => Promise<Response>) => SecretDriver): Watch => {
  const made = new Set<string>();
  /** Of the last answer; undefined if there was none. */
  let status: number | undefined;
  let end: unknown;

  const driver = connect(async (request) => {
    status = undefined;
    const response = await fetch(request);
    status = response.status;
    // The endpoint is busy, or what stands before it cannot reach it: nothing that it is to be judged by.
    if ([429, 502, 503, 504].includes(status)) end ??= new Error(`The endpoint answered with status ${status}.`);
    return response;
  });
  // After an end no call is made any more, whatever the check still wants to know.
  const unlessEnded = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    if (end !== undefined) throw end;
    try {
      return await call();
    } catch (error) {
      if (status === undefined) end ??= error;
      throw error;
    }
  };
  const remove = async (secret: string): Promise<void> => {
    await driver.remove(secret);
    made.delete(secret);
  };
  const create = async (secret: string, at: number): Promise<DriverAnswer> => {
    made.add(secret);
    try {
      return await driver.create(secret, at);
    } finally {
      // Turned away, it made nothing; a call without an answer, one that failed, and one that was repeated on the way may have
      // done it all the same.
      if (/^4(?!08|09|29)/.test(`${status}`)) made.delete(secret);
    }
  };
  return {
    driver: {
      ...driver,
      create: (secret, at) => unlessEnded(() => create(secret, at)),
      act: (secret, action) => unlessEnded(() => driver.act(secret, action)),
      show: (secret) => unlessEnded(() => driver.show(secret)),
      remove: (secret) => unlessEnded(() => remove(secret)),
    },
    get end() {
      return end;
    },
    stop: (reason) => {
      end ??= reason;
    },
    removeAll: async () => {
      for (const secret of [...made]) await remove(secret).catch(() => undefined);
      return [...made];
    },
  };
};

/** Whether a secret can be made, seen and removed: without that nothing is begun, or it would leave its secrets behind. */
const probe = async (driver: SecretDriver, secret: string): Promise<void> => {
  const answer = await driver.create(secret, Date.now());
  if (!answer.ok) throw new Error(`The endpoint refused to create the secret ${secret}: ${answer.said}.`);
  await driver.show(secret);
  await driver.remove(secret);
};

/** The command that does the same calls again. The token is not in it: it comes from where it came from. */
const againOf = ({ url, project, runs }: Asked, found: Conformance): string =>
  [
    'secret-stages conform',
    quoted(url),
    `--project=${quoted(project)}`,
    ...(runs === undefined ? [] : [`--runs=${runs}`]),
    `--seed=${found.seed}`,
    ...(found.ok ? [] : [`--path=${found.path}`]),
  ].join(' ');

/** What explains a result. It is imported only when the command runs. */
type Testing = Pick<typeof import('../testing/index.ts'), 'explainConformance' | 'explainLaw'>;

const drawConformance = (found: Conformance, again: string, colors: Colors, testing: Testing): string => {
  const { laws, runs, calls, seed } = found;
  const width = Math.max(...laws.map(({ id }) => id.length));
  const verdictOn = (law: TriedLaw) => {
    if (isBroken(law, found)) return colors.red('broken   ');
    return law.tried > 0 ? colors.green('held     ') : colors.yellow('not tried');
  };
  const drawn = laws.map((law) => {
    const told = counted(law.tried, 'call').padStart(12);
    return `${verdictOn(law)}  ${law.id.padEnd(width)}${told}  ${testing.explainLaw(law)}`;
  });
  const untried = laws.filter((law) => law.tried === 0 && !isBroken(law, found)).length;
  const played = `${counted(runs, 'secret')}, ${counted(calls, 'call')}, seed ${seed}`;
  const missed = untried === 0 ? '' : ` ${counted(untried, 'law')} not tried.`;
  return [
    ...drawn,
    '',
    ...(found.ok
      ? [`${colors.green('Every law that was tried held.')} ${played}.${missed}`]
      : [`${colors.red(`Law ${found.law.id} is broken.`)} ${played}.${missed}`, '', reportOf(found, again, testing)]),
    '',
  ].join('\n');
};

/** Whether that is the law that was broken. One that comes behind it may have had no turn. */
const isBroken = ({ id }: TriedLaw, found: Conformance): found is Broken => !found.ok && found.law.id === id;

/** The laws as tests, for CI. */
const suiteOf = (url: string, found: Conformance, again: string, testing: Testing): TestSuite => {
  const caseOf = (law: TriedLaw): TestCase => {
    const name = `${law.id}: ${testing.explainLaw(law)}`;
    if (isBroken(law, found))
      return { name, outcome: 'failed', message: found.why, report: reportOf(found, again, testing) };
    return law.tried > 0 ? { name, outcome: 'passed' } : { name, outcome: 'skipped', message: 'No call tried it.' };
  };
  const { runs, calls, seed, laws } = found;
  return { name: 'secret-stages conform', properties: { url, runs, calls, seed, again }, cases: laws.map(caseOf) };
};

/** What was found, with the command that does it again, safe for a terminal. */
const reportOf = (found: Broken, again: string, { explainConformance }: Testing): string =>
  explainConformance(found, again).split('\n').map(printable).join('\n');
