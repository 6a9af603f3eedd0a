import { onTestFinished } from 'vitest';
import { createCsmsEmulator, type Emulator } from '../../src/emulator/index.ts';
import { type Served, type ServeOptions, serve } from '../../src/server/index.ts';

/** Serves an emulator in this process until the test ends. What it does not have is that of CSMS. */
export const serving = async (
  emulator: Pick<Emulator, 'answer'> = createCsmsEmulator(),
  options?: ServeOptions,
): Promise<Served> => {
  const served = await serve({ ...createCsmsEmulator(), ...emulator }, options);
  onTestFinished(() => served.close());
  return served;
};
