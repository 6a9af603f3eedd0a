// @ts-check
import { existsSync } from 'node:fs';

/** Where a browser is looked for. The environment variable CHROMIUM comes first. */
export const places = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
  (name) => `/usr/bin/${name}`,
);

/** The path of a browser, or undefined. */
export function findBrowser() {
  return [process.env['CHROMIUM'] ?? '', ...places].find((path) => existsSync(path));
}

const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`);

/** The arguments that a browser is started with. */
export const browserArguments = ['--headless', '--no-sandbox', '--no-first-run', ...off];
