import pico from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { Host } from './host.ts';

export function colorsFor({ stdout, env }: Host): Colors {
  const hasColors = stdout.isTTY === true || Number(env['FORCE_COLOR']) > 0;
  return pico.createColors(hasColors && !env['NO_COLOR']);
}
