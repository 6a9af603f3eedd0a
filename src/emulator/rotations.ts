import type { AwsSecret } from '../api/aws/index.ts';
import {
  type AwsDone,
  type AwsRefused,
  type AwsRules,
  type CallSteps,
  dueOf,
  type Invocation,
  keyOf,
  type Place,
  type RotationContext,
  type RotationEvent,
  type RotationSettings,
  settleStep,
  type Taken,
  takeStep,
} from '../service/index.ts';
import { grouped } from '../text.ts';
import type { Background, RotationFailure, Tools } from './cloud.ts';

/** A rotation function. */
export type Rotate = (event: RotationEvent, functionArn: string) => unknown;

/** How many failures are kept for `tick`. The oldest are forgotten. */
const mostFailures = 100;

/** Runs the rotations of an emulator. Which secrets have something due is kept in memory; what is due is in the secrets. */
export function rotateBy(rotate: Rotate, rules: AwsRules & { readonly rotations: RotationSettings }) {
  return ({ clock, work, readAll }: Tools<AwsDone | AwsRefused, AwsSecret>): Background<AwsSecret> => {
    const dueTimes = new Map<string, { readonly place: Place; readonly due: number }>();
    const running = new Map<string, Promise<void>>();
    let problem: { readonly error: unknown } | undefined;
    let failures: RotationFailure[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    let scan: Promise<void> | undefined;

    /** A time that is too early does no harm, because the secret is read again before anything is done. */
    const note = (place: Place, due: number | undefined): void => {
      if (due === undefined) {
        dueTimes.delete(keyOf(place));
        return;
      }
      dueTimes.set(keyOf(place), { place, due });
      earliest = Math.min(earliest, due);
    };

    /** Finds what another process left to do. */
    const scanOnce = async (): Promise<void> => {
      for (const entry of await readAll()) {
        if (!entry || !('secret' in entry)) continue;
        const place = { project: entry.project, secret: entry.secret.state.name };
        if (!dueTimes.has(keyOf(place))) note(place, dueOf(entry.secret));
      }
    };

    const startDue = async (): Promise<void> => {
      scan ??= scanOnce();
      try {
        await scan;
        const now = clock();
        // A request does not look at every secret that has a schedule.
        if (earliest > now) return;
        earliest = Number.POSITIVE_INFINITY;
        for (const [key, { place, due }] of dueTimes) {
          earliest = Math.min(earliest, due);
          if (due <= now && !running.has(key))
            running.set(
              key,
              runAll(place).finally(() => running.delete(key)),
            );
        }
      } catch (error) {
        scan = undefined;
        problem ??= { error };
      }
    };

    /** Runs one step of a secret after another, until none is due. */
    const runAll = async (place: Place): Promise<void> => {
      try {
        let taken: Taken;
        do {
          taken = await change(place, (context) => takeStep(place, context));
          const { invocation } = taken;
          if (!invocation) continue;
          const failure = await callFunction(invocation);
          taken = await change(place, (context) => settleStep(place, invocation, failure, context));
        } while (taken.due !== undefined && taken.due <= clock());
      } catch (error) {
        problem ??= { error };
      }
    };

    const change = async (place: Place, start: (context: RotationContext) => CallSteps<Taken, AwsSecret>) => {
      const known = dueTimes.get(keyOf(place));
      const taken = await work(place, (now) => start({ ...rules, project: place.project, now }));
      // Another process may have done what was due here.
      if (!taken.writes && dueTimes.get(keyOf(place)) === known) note(place, taken.due);
      return taken;
    };

    /** Calls the rotation function. Returns how it failed, without what it threw, because that may show a secret value. */
    const callFunction = async ({ event, functionArn }: Invocation): Promise<string | undefined> => {
      const { timeout } = rules.rotations;
      const tooLate = `The function did not return within ${grouped(timeout)} ms`;
      const fail = (error: unknown, reason: string) => {
        failures = [...failures, { event, functionArn, error }].slice(-mostFailures);
        return reason;
      };
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(fail(new Error(`${tooLate}.`), tooLate)), timeout);
      });
      const call = async () => {
        await rotate(event, functionArn);
        return undefined;
      };
      try {
        return await Promise.race([call(), late]);
      } catch (error) {
        return fail(error, 'The function failed');
      } finally {
        clearTimeout(timer);
      }
    };

    const thrown = (): unknown => {
      const error = problem?.error;
      problem = undefined;
      return error;
    };

    return {
      note: (writes) => {
        for (const { entry, ...place } of writes)
          if (place.secret !== undefined) note(place, entry && 'secret' in entry ? dueOf(entry.secret) : undefined);
      },
      forget: () => {
        dueTimes.clear();
        scan = undefined;
      },
      start: () => {
        void startDue();
      },
      finish: async () => {
        do {
          await startDue();
          await Promise.all(running.values());
          if (problem) throw thrown();
        } while (running.size > 0 || [...dueTimes.values()].some(({ due }) => due <= clock()));
        const reported = failures;
        failures = [];
        return reported;
      },
    };
  };
}
