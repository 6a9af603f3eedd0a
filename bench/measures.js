// @ts-check
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { do_not_optimize } from 'mitata';
import { awsSecretsManager, parseSecretState, tryAssignStage, versionOf } from 'secret-stages';
import { contenders, limit, ours, result } from './contenders/index.js';
import { reducers, secrets } from './drafts.js';
import { kinds, outcomeOf, ways } from './plans.js';
import { around, circleOf, epoch, moveOf, nthMove, roomy, secretOf, stride } from './secrets.js';

/**
 * @typedef {import('secret-stages').SecretState} SecretState
 * @typedef {import('./contenders/contender.js').Contender<unknown>} Contender
 * @typedef {import('./contenders/contender.js').Outcome<unknown>} Outcome
 * @typedef {import('./contenders/contender.js').Move} Move
 * @typedef {{
 *   title: string,
 *   versions?: number,
 *   steps: Readonly<Record<string, () => unknown>>,
 *   requests?: number,
 *   figures?: readonly Figure[],
 *   close?: () => Promise<void>,
 * }} Race The steps to time, by contender, and the ratios to print: instead of the times, or with them if each step has several requests.
 * @typedef {{ figure: string, of: string, to: string, must: string, aim: string }} Figure
 */

/**
 * @template Request
 * @typedef {{
 *   secrets: readonly SecretState[],
 *   visits: readonly { readonly index: number, readonly request: Request }[],
 *   operation: (contender: Contender) => ((state: unknown, request: Request) => Outcome) | undefined,
 *   outcome: 'moved' | 'unmoved' | 'refused',
 * }} Course Requests to one secret or to many, and the outcome of each.
 */

/**
 * Every contender on the same course, round after round. The first, untimed round checks that every request has the outcome of the
 * course, because an accepted move that moves nothing would be cheap, and that all contenders end with the same boards.
 *
 * @type {<Request>(course: Course<Request>) => Race['steps']}
 */
const stepsOn = ({ secrets, visits, operation, outcome: expected }) =>
  agreed(
    Object.entries(contenders).flatMap(([name, contender]) => {
      const operate = operation(contender);
      if (!operate || (contender.checksNothing && expected !== 'moved')) return [];
      const states = secrets.map((secret) => contender.open(secret));
      for (const { index, request } of visits) {
        const before = marksOf(contender, states[index]);
        const outcome = operate(states[index], request);
        if (outcome.ok) states[index] = outcome.state;
        const isMoved = marksOf(contender, states[index]) !== before;
        strictEqual(outcome.ok ? (isMoved ? 'moved' : 'unmoved') : 'refused', expected, name);
      }
      const boards = states.slice(0, 100).map((state) => boardOf(contender, state));
      return { name, boards, step: stepOf(name)(operate, states, visits) };
    }),
  );

/**
 * Makes the step that is timed: one visit, then the next. Each contender gets its own code. In shared code V8 inlines no contender,
 * which costs each 25 ns and favours the slower ones.
 */
const stepOf = (/** @type {string} */ name) =>
  new Function(
    'operate, states, visits',
    `// ${name}
    let turn = 0;
    return () => {
      const { index, request } = visits[turn];
      turn = turn === visits.length - 1 ? 0 : turn + 1;
      const outcome = operate(states[index], request);
      if (outcome.ok) states[index] = outcome.state;
    };`,
  );

/** @type {(running: readonly { name: string, boards: unknown, step: () => void }[]) => Race['steps']} */
const agreed = (running) => {
  for (const { name, boards } of running) deepStrictEqual(boards, running[0]?.boards, name);
  return Object.fromEntries(running.map(({ name, step }) => [name, step]));
};

/** @type {(contender: Contender, state: unknown) => string} The stages with their versions. */
const marksOf = (contender, state) =>
  contender
    .board(state)
    .stages.map(({ name, versionId }) => `${name} on ${versionId}`)
    .sort()
    .join();

/** @type {(contender: Contender, state: unknown) => unknown} */
const boardOf = (contender, state) => {
  const { stages, versions } = contender.board(state);
  return {
    stages: stages.map(({ name, versionId, updateTime }) => `${name} on ${versionId} at ${updateTime}`).sort(),
    versions: [...versions].sort(),
  };
};

/**
 * @type {<Request>(
 *   title: string,
 *   secret: SecretState,
 *   requests: readonly Request[],
 *   operation: Course<Request>['operation'],
 *   outcome: Course<Request>['outcome'],
 * ) => Race}
 */
const raceOf = (title, secret, requests, operation, outcome) => ({
  title,
  steps: stepsOn({ secrets: [secret], visits: requests.map((request) => ({ index: 0, request })), operation, outcome }),
});

/** @type {(title: string, secret: SecretState) => Race} */
const raceOfMoves = (title, secret) => raceOf(title, secret, circleOf(secret), ({ move }) => move, 'moved');

/** @type {(dialect: import('secret-stages').Dialect) => () => void} The moves of the custom stages, each with its holder. */
const movesUnder = (dialect) => {
  const secret = secretOf({ dialect });
  /** @type {SecretState[]} */
  const states = [secret];
  const visits = circleOf(secret)
    .filter(({ stage }) => stage.startsWith('stage-'))
    .map((request) => ({ index: 0, request }));
  // One round is played here, so that every move names the version that has the stage at that time.
  let state = secret;
  for (const visit of [...visits, ...visits]) {
    visit.request = { ...visit.request, from: versionOf(state, visit.request.stage) ?? null };
    const outcome = tryAssignStage(state, visit.request, dialect);
    ok(outcome.ok);
    state = outcome.state;
  }
  states[0] = state;
  return stepOf(dialect.id)(
    (/** @type {SecretState} */ from, /** @type {Move} */ move) => tryAssignStage(from, move, dialect),
    states,
    visits,
  );
};

/** @type {(secret: SecretState, versions: number) => Race} Always from the same state, so without contenders that change in place. */
const raceOfPruning = (secret, versions) => ({
  title: `pruning ${versions} versions, of which 6 are marked`,
  steps: agreed(
    Object.entries(contenders).flatMap(([name, contender]) => {
      const { open, prune } = contender;
      if (!prune) return [];
      const state = open(secret);
      const outcome = prune(state);
      ok(outcome.ok);
      return [{ name, boards: boardOf(contender, outcome.state), step: () => do_not_optimize(prune(state)) }];
    }),
  ),
});

/** @type {Readonly<Record<string, () => readonly Race[]>>} */
export const races = {
  move: () => [raceOfMoves('a move to another version', secretOf({}))],

  repeat: () => {
    const secret = secretOf({});
    const requests = secret.stages.map(({ name, versionId, updateTime }) => moveOf(name, versionId, updateTime));
    return [raceOf('a move to where the stage is, at the same time', secret, requests, ({ move }) => move, 'unmoved')];
  },

  refused: () => {
    const secret = secretOf({});
    const requests = circleOf(secret).map((move, turn) => ({ ...move, versionId: `w${turn}` }));
    return [raceOf('a move to a version that does not exist', secret, requests, ({ move }) => move, 'refused')];
  },

  create: () => {
    const times = Array.from({ length: 100 }, (_, turn) => epoch + 100 + turn);
    const title = 'a new version of a full secret, which deletes the oldest deprecated one';
    return [raceOf(title, secretOf({}), times, ({ create }) => create, 'moved')];
  },

  prune: () => [20, 1000].map((versions) => raceOfPruning(secretOf({ versions, marked: 6 }), versions)),

  batch: () => {
    const secret = secretOf({});
    const batch = circleOf(secret).slice(0, 100);
    return [raceOf('a batch of 100 moves', secret, [batch], ({ batch }) => batch, 'moved')];
  },

  parse: () => {
    const text = JSON.stringify(secretOf({}));
    const data = JSON.parse(text);
    return [
      {
        title: 'reading a secret: parseSecretState of data, JSON.parse of its text, structuredClone of data',
        steps: {
          [ours]: () => do_not_optimize(parseSecretState(data)),
          'JSON.parse': () => do_not_optimize(JSON.parse(text)),
          structuredClone: () => do_not_optimize(structuredClone(data)),
        },
      },
    ];
  },

  versions: () =>
    [2, 20, 100, 1000, 10_000].map((versions) => ({
      ...raceOfMoves(`a move on a secret of ${versions} versions`, secretOf({ versions })),
      versions,
    })),

  stages: () =>
    [2, 4, 8, 12].map((stages) => raceOfMoves(`a move on a secret of ${stages} stages`, secretOf({ stages }))),

  many: () => {
    const secrets = Array.from({ length: 10_000 }, (_, index) =>
      secretOf({ name: `db-${index}`, ownName: `stage-of-${index}` }),
    );
    const visits = Array.from({ length: 2 * secrets.length }, (_, turn) => {
      const index = (turn * stride) % secrets.length;
      const secret = around(secrets, index);
      const { length } = secret.stages;
      return { index, request: nthMove(secret, turn < secrets.length ? index % length : length + (index % length)) };
    });
    const operation = (/** @type {Contender} */ { move }) => move;
    const steps = stepsOn({ secrets, visits, operation, outcome: 'moved' });
    return [{ title: 'a move on one of 10,000 secrets, each with its own stage names', steps }];
  },

  figures: () => {
    const { move, refused, prune, batch, versions } = races;
    /** @type {(name: string, measure: (() => readonly Race[]) | undefined, contender?: string, table?: number) => Race['steps']} */
    const step = (name, measure, contender = ours, table = 0) => {
      const found = measure?.()[table]?.steps[contender];
      ok(found);
      return { [name]: found };
    };
    const peers = [limit, result, 'mutative', 'immer, tuned', 'immer, fair', 'immer, naive'];
    return [
      {
        title: 'the targets of the project',
        steps: {
          ...step('move', move),
          ...Object.assign({}, ...peers.map((peer) => step(peer, move, peer))),
          ...step('move, 1,000', versions, ours, 3),
          ...step('move, 10,000', versions, ours, 4),
          ...step('refused', refused),
          ...step('prune, 20', prune),
          ...step('prune, 1,000', prune, ours, 1),
          ...step('batch', batch),
          ...step('batch, the limit', batch, limit),
          'CSMS, holder named': movesUnder(roomy),
          'AWS, holder named': movesUnder(awsSecretsManager),
        },
        figures: [
          { figure: 'a move, times its bare frozen result', of: 'move', to: result, must: '≤ 1.6', aim: '≤ 1.4' },
          { figure: 'a move, times the limit', of: 'move', to: limit, must: '≤ 7.5', aim: '≤ 5' },
          {
            figure: 'an AWS move, times a CSMS move',
            of: 'AWS, holder named',
            to: 'CSMS, holder named',
            must: '≤ 1.1',
            aim: '≤ 1',
          },
          { figure: 'immer naive, times a move', of: 'immer, naive', to: 'move', must: '≥ 40', aim: '≥ 60' },
          { figure: 'immer fair, times a move', of: 'immer, fair', to: 'move', must: '≥ 22', aim: '≥ 35' },
          { figure: 'immer tuned, times a move', of: 'immer, tuned', to: 'move', must: '≥ 14', aim: '≥ 20' },
          { figure: 'mutative, times a move', of: 'mutative', to: 'move', must: '≥ 11', aim: '≥ 18' },
          {
            figure: 'a move at 1,000 versions, times one at 20',
            of: 'move, 1,000',
            to: 'move',
            must: '≤ 1.5',
            aim: '≤ 1.1',
          },
          {
            figure: 'a move at 10,000 versions, times one at 20',
            of: 'move, 10,000',
            to: 'move',
            must: '≤ 1.5',
            aim: '≤ 1.1',
          },
          {
            figure: 'pruning 1,000 versions, times 20',
            of: 'prune, 1,000',
            to: 'prune, 20',
            must: '≤ 3',
            aim: '≤ 1.2',
          },
          {
            figure: 'a move in a batch, times the limit',
            of: 'batch',
            to: 'batch, the limit',
            must: '≤ 2.5',
            aim: '≤ 1.2',
          },
          { figure: 'a refusal, times a move', of: 'refused', to: 'move', must: '≤ 1', aim: '≤ 0.2' },
        ],
      },
    ];
  },

  drafts: () => {
    /** @type {(reducer: import('./drafts.js').Reducer) => (state: typeof secrets, move: Move) => Outcome} */
    const operation = (reducer) => (state, move) => ({ ok: true, state: reducer(state, move) });
    const visits = circleOf(secrets.db).map((request) => ({ index: 0, request }));
    const steps = agreed(
      Object.entries(reducers).map(([name, reducer]) => ({
        name,
        boards: visits.reduce((state, { request }) => reducer(state, request), secrets),
        step: stepOf(name)(operation(reducer), [secrets], visits),
      })),
    );
    return [{ title: 'a move of one of two secrets, inside an immer recipe', steps }];
  },

  plan: () => {
    const pairs = Object.entries(kinds).map(([kind, { secret, actions, outcome }]) => {
      for (const action of actions) strictEqual(outcomeOf(secret, action), outcome, kind);
      const visits = actions.map((request) => ({ index: 0, request }));
      const [of, to] = [`a plan of ${kind}`, kind];
      return {
        steps: {
          [of]: stepOf(of)(ways.plan, [secret], visits),
          [to]: stepOf(to)(ways.operation, [secret], visits),
        },
        figure: { figure: `a plan, times the operation it plans: ${kind}`, of, to, must: '≤ 3', aim: '≤ 2' },
      };
    });
    return [
      {
        title: 'a plan, times the operation that it plans',
        steps: Object.assign({}, ...pairs.map(({ steps }) => steps)),
        figures: pairs.map(({ figure }) => figure),
      },
    ];
  },
};
