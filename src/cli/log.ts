import { setTimeout } from 'node:timers/promises';
import { counted } from '../text.ts';
import { type Host, print } from './host.ts';

/** A log on standard output. */
export interface Log {
  /** Writes a line, or drops and counts it if too many wait to be written. */
  readonly write: (line: string) => void;
  /** Writes the last line. Returns false if the output is not read within a second. */
  readonly end: (line: string) => Promise<boolean>;
}

/** How many characters can wait to be written. */
const mostWaiting = 2 ** 18;

/** Starts a log. If the output is not read, it neither stops the caller nor fills the memory. */
export function startLog(host: Host): Log {
  let waiting = 0;
  let dropped = 0;
  let written = Promise.resolve();

  const put = async (text: string): Promise<void> => {
    waiting += text.length;
    await print(host, text);
    waiting -= text.length;
    if (waiting > 0 || dropped === 0) return;
    const notice = `Dropped ${counted(dropped, 'line')}, because the output was not read fast enough.\n`;
    dropped = 0;
    await put(notice);
  };

  return {
    write: (line) => {
      // After a dropped line, the notice comes before the next one.
      if (dropped > 0 || waiting + line.length > mostWaiting) dropped++;
      else written = put(line);
    },
    end: async (line) => {
      const all = written.then(() => put(line)).then(() => true);
      return Promise.race([all, setTimeout(1000, false, { ref: false })]);
    },
  };
}
