import { open } from 'node:fs/promises';
import type { AwsEvent } from '../emulator/index.ts';
import { asJson } from '../text.ts';

/** A file to which events are appended, one a line. */
export interface EventsFile {
  readonly write: (event: AwsEvent) => void;
  /** Closes the file after all events are written. Later events are ignored. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a file for events. `report` is called once if it cannot be written later. Then no more events are written, because the last line may be
 * incomplete.
 *
 * @throws the error of the system, if it cannot be opened.
 */
export async function openEventsFile(path: string, report: (problem: string) => void): Promise<EventsFile> {
  const file = await open(path, 'a');
  let isOver = false;
  let written = Promise.resolve();
  const append = async (line: string): Promise<void> => {
    if (isOver) return;
    try {
      await file.appendFile(line);
    } catch (error) {
      isOver = true;
      report(`${path} cannot be written: ${Object(error).message}. No more events are written.`);
    }
  };
  return {
    write: (event) => {
      written = written.then(() => append(`${asJson(event)}\n`));
    },
    close: async () => {
      await written;
      isOver = true;
      await file.close();
    },
  };
}
