import { type Answer, type AwsEvent, type Call, eventOfCall, eventOfService } from '../api/aws/index.ts';
import type { AwsDone, AwsRefused } from '../service/index.ts';
import type { MadeCall } from './cloud.ts';
import { drawId } from './emulator.ts';

/** Returns a function that reports a call, and the events of the service, to `onEvent`. */
export function reportTo(onEvent: (event: AwsEvent) => unknown) {
  return (result: AwsDone | AwsRefused, at: number, made?: MadeCall<Call>): void => {
    const events = ('events' in result && result.events) || [];
    // The call is answered even if this throws or rejects. The error becomes an unhandled rejection.
    for (const event of [
      ...(made ? [callEvent(result, at, made)] : []),
      ...events.map((each) => eventOfService(each, at, drawId)),
    ])
      new Promise((resolve) => resolve(onEvent(event)));
  };
}

function callEvent(result: AwsDone | AwsRefused, at: number, { call, request, requestId }: MadeCall<Call>): AwsEvent {
  const userAgent = `${request.headers.get('user-agent') ?? ''}`.slice(0, mostCharacters);
  return eventOfCall(call, answerIn(result, call.project), { at, requestId, userAgent }, drawId);
}

/** CloudTrail cuts a longer User-Agent (documented). */
const mostCharacters = 1024;

function answerIn(result: AwsDone | AwsRefused, project: string): Answer {
  if ('error' in result) return { error: result.error };
  // Replicas are in other projects.
  const entry = result.writes?.find((write) => write.project === project)?.entry;
  const arn = entry && 'secret' in entry ? entry.secret.arn : undefined;
  return { body: result.body, arn };
}
