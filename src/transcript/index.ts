export { hasCalls, writeLine } from './line.ts';
export { type Event, startPlay, TranscriptError, wrongDialect } from './play.ts';
