// @ts-check
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { do_not_optimize } from 'mitata';
import { awsSecretsManager, tryAssignStage, versionOf } from 'secret-stages';
import { moved, read } from './aws.js';
import { contenders, limit, ours, result } from './contenders/index.js';
import { reducers, secrets } from './drafts.js';
import { asked, served } from './emulator.js';
import { kinds, outcomeOf, ways } from './plans.js';
import { policy } from './policy.js';
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
 *   requests?: number | Readonly<Record<string, number>>,
 *   figures?: readonly Figure[],
 *   isLong?: true,
 *   close?: () => Promise<void>,
 * }} Race The steps to time, by contender, and the ratios to take. A step can have several
 *   requests, of which the time of one is taken; how many may depend on the contender. A long step is timed once a round.
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

/** @type {(race: Race, contender: string) => () => unknown} */
const stepIn = ({ steps }, contender) => {
  const step = steps[contender];
  ok(step);
  return step;
};

const moves = (versions = 20) => raceOfMoves(`a move on a secret of ${versions} versions`, secretOf({ versions }));

const refusals = () => {
  const secret = secretOf({});
  const requests = circleOf(secret).map((move, turn) => ({ ...move, versionId: `w${turn}` }));
  return raceOf('a move to a version that does not exist', secret, requests, ({ move }) => move, 'refused');
};

const pruning = (versions = 1000) => raceOfPruning(secretOf({ versions, marked: 6 }), versions);

/**
 * The races of each measure. Each runs in processes of its own, because V8 compiles an operation for the calls that it has seen. After
 * refused moves and moves with `from`, a plain move takes a fifth longer.
 *
 * @type {Readonly<Record<string, readonly (() => Race | Promise<Race>)[]>>}
 */
export const races = {
  move: [
    () => ({
      ...moves(),
      title: 'moves a stage to another version',
      figures: [
        { figure: 'a move, times its bare frozen result', of: ours, to: result, must: '≤ 1.6', aim: '≤ 1.4' },
        { figure: 'a move, times the limit', of: ours, to: limit, must: '≤ 7.5', aim: '≤ 5' },
        { figure: 'immer fair, times a move', of: 'immer, fair', to: ours, must: '≥ 22', aim: '≥ 35' },
        { figure: 'immer tuned, times a move', of: 'immer, tuned', to: ours, must: '≥ 14', aim: '≥ 20' },
        { figure: 'mutative tuned, times a move', of: 'mutative, tuned', to: ours, must: '≥ 11', aim: '≥ 18' },
      ],
    }),
  ],

  repeat: [
    () => {
      const secret = secretOf({});
      const requests = secret.stages.map(({ name, versionId, updateTime }) => moveOf(name, versionId, updateTime));
      return raceOf('assigns a stage to the version that has it', secret, requests, ({ move }) => move, 'unmoved');
    },
  ],

  refused: [() => ({ ...refusals(), title: 'names a version that does not exist' })],

  create: [
    () => {
      const times = Array.from({ length: 100 }, (_, turn) => epoch + 100 + turn);
      const title = 'adds a version to a full secret, so that one is deleted';
      return raceOf(title, secretOf({}), times, ({ create }) => create, 'moved');
    },
  ],

  prune: [() => ({ ...pruning(), title: 'leaves 6 of 1,000 versions' })],

  batch: [
    () => {
      const secret = secretOf({});
      const batch = circleOf(secret).slice(0, 100);
      return {
        ...raceOf('does 100 moves at once', secret, [batch], ({ batch }) => batch, 'moved'),
        figures: [{ figure: 'a move in a batch, times the limit', of: ours, to: limit, must: '≤ 2.5', aim: '≤ 1.2' }],
      };
    },
  ],

  many: [
    () => {
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
      return { title: 'moves a stage of one of 10,000 secrets, each with its own stage names', steps };
    },
  ],

  mixed: [
    () => {
      const moving = moves();
      const figure = 'a move among other calls, times its bare frozen result';
      const [of, to] = ['AWS, holder named', 'CSMS, holder named'];
      return {
        title: 'a move in a program that is also refused, and also moves with `from`',
        steps: {
          move: stepIn(moving, ours),
          [result]: stepIn(moving, result),
          refused: stepIn(refusals(), ours),
          [to]: movesUnder(roomy),
          [of]: movesUnder(awsSecretsManager),
        },
        figures: [
          { figure, of: 'move', to: result, must: '≤ 1.6', aim: '≤ 1.4' },
          { figure: 'a refusal, times a move', of: 'refused', to: 'move', must: '≤ 1', aim: '≤ 0.2' },
          { figure: 'an AWS move, times a CSMS move', of, to, must: '≤ 1.1', aim: '≤ 1' },
        ],
      };
    },
  ],

  growth: [
    () => ({
      title: 'an operation on few versions and on many',
      steps: {
        'move, 20': stepIn(moves(), ours),
        'move, 1,000': stepIn(moves(1000), ours),
        'move, 10,000': stepIn(moves(10_000), ours),
        'prune, 20': stepIn(pruning(20), ours),
        'prune, 1,000': stepIn(pruning(), ours),
      },
      figures: [
        {
          figure: 'a move at 1,000 versions, times one at 20',
          of: 'move, 1,000',
          to: 'move, 20',
          must: '≤ 1.5',
          aim: '≤ 1.1',
        },
        {
          figure: 'a move at 10,000 versions, times one at 20',
          of: 'move, 10,000',
          to: 'move, 20',
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
      ],
    }),
  ],

  versions: [20, 100, 1000, 10_000].map((versions) => () => ({ ...moves(versions), versions })),

  drafts: [
    () => {
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
      return { title: 'a move of one of two secrets, inside an immer recipe', steps };
    },
  ],

  plan: [
    () => {
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
      return {
        title: 'a plan, times the operation that it plans',
        steps: Object.assign({}, ...pairs.map(({ steps }) => steps)),
        figures: pairs.map(({ figure }) => figure),
      };
    },
  ],

  policy: [policy],

  emulator: [asked, served],

  aws: [moved, read],
};
