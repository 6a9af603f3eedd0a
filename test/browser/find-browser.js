// @ts-check
import { existsSync } from 'node:fs';

/** Where a browser is looked for, unless the environment variable CHROMIUM has the path of one. */
export const places = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
  (name) => `/usr/bin/${name}`,
);

/** The path of a browser, or undefined. */
export function findBrowser() {
  const { CHROMIUM } = process.env;
  return (CHROMIUM ? [CHROMIUM] : places).find((path) => existsSync(path));
}

const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`);

/** The arguments that a browser is started with. */
export const browserArguments = ['--headless', '--no-sandbox', '--no-first-run', ...off];
