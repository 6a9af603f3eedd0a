export { isAwsEvent } from './aws-event.ts';
export { createDeadlines, type Deadlines } from './deadlines.ts';
export { hasCalls, writeLine } from './line.ts';
export { type Event, startPlay, TranscriptError, wrongDialect } from './play.ts';
