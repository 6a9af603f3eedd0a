import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, describe as group, test } from 'vitest';
import { drawPage } from '../../src/cli/picture/page.ts';
import type { Event } from '../../src/transcript/play.ts';
import { crowd, eventsIn } from '../cli/picture/pictures.ts';
import { browserArguments, findBrowser, noBrowser } from './find-browser.js';

const executablePath = findBrowser() ?? '';
if (executablePath === '') console.warn(`Skipped. ${noBrowser}`);

group.skipIf(executablePath === '')('a page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-page-'));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: browserArguments });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page of these events, does with it what is to be done, and lets no error of the console pass. */
  const open = async (
    events: readonly Event[],
    use: (page: Page) => Promise<void>,
    how: BrowserContextOptions = {},
  ) => {
    const file = join(folder, 'page.html');
    writeFileSync(file, drawPage(events, 'A transcript'));
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...how });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(`${error}`));
    await page.goto(`${pathToFileURL(file)}`);
    await use(page);
    await context.close();
    expect(errors).toEqual([]);
  };

  const schemes = ['light', 'dark'] as const;
  test.each(schemes)('the page has no accessibility violations in the %s theme', (colorScheme) =>
    open(
      eventsIn('pending-deletion'),
      async (page) => {
        // Evaluated by the inspector, which the policy of the page does not bind.
        const found: unknown = await page.evaluate(
          `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))`,
        );
        expect(found).toEqual([]);
      },
      { colorScheme },
    ),
  );

  test('the light and dark themes differ', async () => {
    const papers: unknown[] = [];
    for (const colorScheme of schemes) {
      const look = async (page: Page) => {
        papers.push(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'));
      };
      await open(eventsIn('rotation'), look, { colorScheme });
    }
    expect(papers).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 28)']);
  });

  test('Tab reaches every refusal and shows its reason, like the pointer', () =>
    open(eventsIn('pending-deletion'), async (page) => {
      const reasons: (string | null)[] = [];
      for (let tabs = 0; tabs < 10; tabs++) {
        await page.keyboard.press('Tab');
        if ((await page.locator('.call.refused:focus').count()) > 0)
          reasons.push(await page.locator('#tip').textContent());
      }
      expect(reasons).toHaveLength(5);
      for (const reason of reasons) expect(reason).toMatch(/refused:\n./);
      await page.keyboard.press('Escape');
      expect(await page.locator('#tip').isVisible()).toBe(false);
      await page.locator('.call.refused').first().hover();
      expect(await page.locator('#tip').textContent()).toBe(reasons[0]);
    }));

  test('the arrow keys reach every call', () =>
    open(eventsIn('rotation'), async (page) => {
      await page.locator('.call').first().focus();
      const seen = new Set<string | null>();
      for (let step = 0; step < 13; step++) {
        seen.add(await page.locator('#tip').textContent());
        await page.keyboard.press('ArrowRight');
      }
      expect(seen.size).toBe(13);
      await page.keyboard.press('Home');
      expect(await page.locator('#tip').textContent()).toContain('CreateSecret\n');
      await page.keyboard.press('Enter');
      expect(page.url()).toMatch(/#step-1$/);
    }));

  test('without scripts every call is a link, and the table is visible', () =>
    open(
      eventsIn('rotation'),
      async (page) => {
        expect(await page.locator('.call > title').count()).toBe(13);
        expect(await page.locator('tbody tr').count()).toBe(13);
      },
      { javaScriptEnabled: false },
    ));

  test.each([
    ['founding-example', eventsIn('founding-example')],
    ['rotation', eventsIn('rotation')],
    ['pending-deletion', eventsIn('pending-deletion')],
    ['twelve-stages', eventsIn('twelve-stages')],
    ['version-limit', eventsIn('version-limit')],
    ['twelve stages on twenty versions', crowd(300)],
  ])('no text of %s overlaps another or leaves the picture', (_, events) =>
    open(events, async (page) => {
      const clashes: unknown = await page.evaluate(`[...document.querySelectorAll('svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
        const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
        const clash = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
        return boxes.flatMap(([one, a], index) => [
          ...(a.left < frame.left || frame.right < a.right ? [one] : []),
          ...boxes.slice(index + 1).filter(([, b]) => clash(a, b)).map(([other]) => one + ' | ' + other),
        ]);
      })`);
      expect(clashes).toEqual([]);
    }),
  );

  test('the figures scroll on a narrow screen, and the page does not', () =>
    open(
      eventsIn('twelve-stages'),
      async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
        expect(await page.evaluate("document.querySelector('.scroll').scrollWidth")).toBeGreaterThan(900);
      },
      { viewport: { width: 320, height: 640 } },
    ));

  test('the page can be printed', () =>
    open(eventsIn('version-limit'), async (page) => {
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    }));

  test('a thousand calls are drawn', () =>
    open(crowd(1000), async (page) => {
      const paint: unknown = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
      console.info(`A thousand calls: first paint after ${Number(paint).toFixed(0)} ms.`);
      expect(await page.locator('.call').count()).toBe(1000);
    }));
});
