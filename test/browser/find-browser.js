// @ts-check
import { existsSync } from 'node:fs';

const { CHROMIUM } = process.env;
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a browser is looked for. */
const places = CHROMIUM ? [CHROMIUM] : names.map((name) => `/usr/bin/${name}`);

/** The sentence for a machine without a browser. */
export const noBrowser = `There is no browser at ${places.join(', ')}. Set CHROMIUM to the path of a Chromium.`;

/** The path of a browser, or undefined. */
export function findBrowser() {
  return places.find((path) => existsSync(path));
}

const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`);

/** The arguments that a browser is started with. */
export const browserArguments = ['--headless', '--no-sandbox', '--no-first-run', ...off];
