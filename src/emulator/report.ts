import {
  type Answer,
  type AwsEvent,
  type Call,
  eventOfCall,
  eventOfService,
  type ServiceEvent,
} from '../api/aws/index.ts';
import type { AwsDone, AwsRefused } from '../service/index.ts';
import type { CallOccasion } from './cloud.ts';

/** Reports what happened to `onEvent`. */
export interface Report {
  readonly call: (call: Call, result: AwsDone | AwsRefused, occasion: CallOccasion) => void;
  readonly service: (events: readonly ServiceEvent[] | undefined, at: number) => void;
}

/** Returns functions that report to `onEvent`. Without it they do nothing. */
export function reportTo(onEvent: ((event: AwsEvent) => unknown) | undefined): Report {
  const report = (event: AwsEvent) => {
    // The call is answered even if this throws or rejects. The error becomes an unhandled rejection.
    new Promise((resolve) => resolve(onEvent?.(event)));
  };
  const service = (events: readonly ServiceEvent[] = [], at: number) => {
    if (onEvent) for (const event of events) report(eventOfService(event, at));
  };
  return {
    call: (call, result, { now: at, request, requestId }) => {
      if (!onEvent) return;
      const userAgent = `${request.headers.get('user-agent') ?? ''}`.slice(0, mostCharacters);
      report(eventOfCall(call, answerIn(result), { at, requestId, userAgent }));
      service('events' in result ? result.events : [], at);
    },
    service,
  };
}

/** CloudTrail cuts a longer User-Agent (documented). */
const mostCharacters = 1024;

function answerIn(result: AwsDone | AwsRefused): Answer {
  if ('error' in result) return { error: result.error };
  const [write] = result.writes ?? [];
  const arn = write?.entry && 'secret' in write.entry ? write.entry.secret.arn : undefined;
  return { body: result.body, arn };
}
