import { createHash } from 'node:crypto';
import { DOMParser, parseHTML } from 'linkedom';
import { expect, describe as group, test } from 'vitest';
import { drawPage } from '../../../src/cli/picture/page.ts';
import { drawSvg, theme, undrawnText } from '../../../src/cli/picture/svg.ts';
import { awsSecretsManager, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { call } from '../host.ts';
import { eventsIn, eventsOf, eventsUnder } from './pictures.ts';

const hostile = [
  '<script>alert(1)</script>',
  '</title></style></script><img src=x onerror=alert(1)>',
  '" onfocus="alert(1)',
  '&lt;b&gt;',
  '__proto__',
  '\u202etfel',
  'W'.repeat(64),
  '😀'.repeat(20),
];
const nasty = eventsOf(
  call(0, 'POST', '', { name: 'db' }),
  ...hostile.map((id, at) => call(at, 'POST', '/db/versions', { version_stages: [] }, { version_metadata: { id } })),
  ...hostile.map((id, at) => call(at, 'PUT', `/db/stages/${encodeURIComponent(id)}`, { version_id: id })),
  ...hostile.map((id, at) => call(at, 'DELETE', `/${encodeURIComponent(id)}/stages/x`)),
);

test('the page and the picture escape names', () => {
  const page = drawPage(nasty, hostile.join(' '));
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('script')).toHaveLength(1);
  expect(document.querySelectorAll('img, b, [onfocus], [onerror], [style]')).toHaveLength(0);
  const said = document.querySelector('table')?.textContent ?? '';
  for (const name of hostile.slice(0, 5)) expect(said).toContain(JSON.stringify(name).slice(1, -1).slice(0, 60));

  const svg = drawSvg(nasty, hostile.join(' '));
  for (const text of [page, svg]) expect(text).not.toMatch(/\u202e|<img|<script>alert/);
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  expect(root?.querySelectorAll('script, img, a')).toHaveLength(0);
  expect(root?.querySelector('title')?.textContent).toContain(hostile[0]);
});

test('the picture escapes stage names for XML', () => {
  const did = (at: number, action: object) => JSON.stringify({ at, secret: 'db', action });
  const versionId = 'i'.repeat(32);
  const refresh = '</p><meta http-equiv=refresh content=0;url=//evil.example>';
  const stages = ['a\u001bb', refresh, '\ud800\ufffe', '&', 'long'.repeat(64), ...hostile];
  const events = eventsUnder(
    awsSecretsManager,
    did(0, { type: 'createSecret', versionId }),
    ...stages.map((stage, at) => did(at, { type: 'assignStage', stage, versionId })),
  );
  expect(events.map(({ outcome }) => outcome)).toEqual(Array.from(events, () => 'done'));

  const page = drawPage(events, 'x');
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('meta')).toHaveLength(3);
  expect(document.querySelectorAll('[http-equiv=refresh], img, b, [onfocus], [onerror]')).toHaveLength(0);
  expect(document.querySelector('figcaption p')?.textContent).toContain(`Stages: AWSCURRENT, a\\u{1b}b, ${refresh}, `);

  const svg = drawSvg(events, 'x');
  const inXml = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
  for (const text of [page, svg]) {
    expect(text).toMatch(inXml);
    expect(text).not.toMatch(/&#(x1b|27);|\u202e|<img|<meta http-equiv=refresh|<script>alert/i);
  }
  // In the legend and on its bar.
  expect(svg.match(/>a\\u\{1b\}b</g)).toHaveLength(2);
  expect(svg.match(/>(long)+…(ong)?(long)+</g)).toHaveLength(2);
  expect(svg).not.toContain('long'.repeat(34));
});

/** The parsers of these tests also read what is not well-formed, such as an attribute that is written twice. */
const expectWellFormed = (xml: string) => {
  const open: string[] = [];
  const tags = /<(\/?)(\w+)((?: +[\w:-]+="[^"<]*")*) *(\/?)>/g;
  const rest = xml.replace(tags, (tag, end: string, name: string, attributes: string, empty: string) => {
    const names = [...attributes.matchAll(/([\w:-]+)="[^"]*"/g)].map(([, attribute]) => attribute);
    expect([...new Set(names)], tag).toEqual(names);
    if (end) expect(open.pop(), tag).toBe(name);
    else if (!empty) open.push(name);
    return '';
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!#\d+;)/);
};

test.each([
  ['hostile names', nasty],
  ['rotation', eventsIn('rotation')],
  ['pending-deletion', eventsIn('pending-deletion')],
  ['version-limit', eventsIn('version-limit')],
])('the picture of %s is well-formed XML, and has numbers of at most two decimals', (_, events) => {
  const svg = drawSvg(events, hostile.join(' '));
  expectWellFormed(svg);
  expect(svg).not.toMatch(/ (x|y|width|height|transform)="[^"]*\.\d{3}| d="(?=[^"]*C)[^"]*\.\d{3}/);
});

test('the content policy of the page allows only its own style and script', () => {
  const page = drawPage(eventsIn('rotation'), 'x');
  const hashes = ['style', 'script'].map((tag) => {
    const text = page.match(new RegExp(`<${tag}>(.*?)</${tag}>`, 's'))?.[1] ?? '';
    return `${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  });
  expect(page).toContain(`content="default-src 'none'; ${hashes.join('; ')}; base-uri 'none'; form-action 'none'"`);
  expect(page).not.toMatch(/ style="|\b(src|srcset)=|url\(|@import|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  expect(page.match(/<style/g)).toHaveLength(1);
});

test('each call links to its row, which has the same text', () => {
  const { document } = parseHTML(drawPage(eventsIn('rotation'), 'rotation'));
  const links = [...document.querySelectorAll('a.call')];
  expect(links).toHaveLength(13);
  const rows = links.map((link) => document.querySelector(link.getAttribute('href') ?? '')?.textContent);
  expect(rows[9]).toContain('✕ refused');
  expect(rows[9]).toContain('it can move but not be removed.');
  expect(links[9]?.getAttribute('class')).toBe('call refused');
  expect(links[9]?.getAttribute('aria-label')).toBe(
    '2026-03-03 11:00:00Z DeleteSecretStage refused: Stage "SYSPREVIOUS" is built in, so it can move but not be removed. It is on version "v2".',
  );
  expect(links[9]?.querySelector('title')?.textContent).toContain('refused:\nStage "SYSPREVIOUS"');
  expect(document.querySelector('svg[role=group]')?.getAttribute('aria-labelledby')).toBe(
    document.querySelector('figcaption h2')?.id,
  );
});

test('the table has due deletions, lines that cannot be played, and calls without a secret', () => {
  const cells = (page: string) =>
    [...parseHTML(page).document.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent).join('|'),
    );
  expect(cells(drawPage(eventsIn('pending-deletion'), 'x'))[9]).toBe(
    '–|2026-04-01 15:00:00Z|shop|old-token|no call|deletion due|The recovery window ends. The secret is deleted permanently.',
  );
  const empty = drawPage(eventsOf('x', call(0, 'GET', '')), 'x');
  expect(cells(empty)[0]).toMatch(/^1\|–\|–\|–\|–\|cannot be played\|The line must be a JSON object/);
  expect(cells(empty)[1]).toBe(
    '2|1970-01-01 00:00:00Z|p||ListSecrets|no effect on stages|This call has no effect on stages.',
  );
  expect(empty).toContain('No secret was created.');
});

test('the SVG has a title, a description, and each secret with its project', () => {
  const svg = drawSvg([...eventsIn('rotation'), ...eventsIn('pending-deletion')], 'Two secrets');
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-labelledby="title" aria-describedby="description"/,
  );
  expect(svg).toContain('<title id="title">Two secrets</title>');
  expect(svg).toContain(
    'db-password: 13 steps, 1 refused. 4 versions, 0 pruned or deleted. Times are in UTC. Each step has the same width. old-token: ',
  );
  expect(svg).toContain('>old-token  in project shop</text>');
  expect(svg.match(/<svg/g)).toHaveLength(5);
  expect(drawSvg([], 'x')).toContain('<desc id="description">No secret was created.</desc>');
});

test('times have the needed precision, up to the last possible time', () => {
  const ticks = (...times: readonly number[]) => {
    const [first = 0, ...others] = times;
    const svg = drawSvg(
      eventsOf(call(first, 'POST', '', { name: 'db' }), ...others.map((at) => call(at, 'GET', '/db'))),
      'x',
    );
    return [...svg.matchAll(/>([^<>]*\d\d:\d\d[^<>]*)</g)].map(([, tick]) => tick);
  };
  expect(ticks(0, 60_000)).toEqual(['00:00', '00:01']);
  expect(ticks(0, 1000)).toEqual(['00:00:00', '00:00:01']);
  expect(ticks(0, 1)).toEqual(['00:00:00.000', '00:00:00.001']);
  expect(ticks(99_999_999_960_000)).toEqual(['09:46']);
  expect(drawSvg(eventsOf(call(99_999_999_960_000, 'POST', '', { name: 'db' })), 'x')).toContain('5138-11-16');
});

test('each stage looks different, also the thirteenth', () => {
  const svg = drawSvg(eventsIn('twelve-stages'), 'x');
  const legend = svg.slice(0, svg.indexOf('>SYSCURRENT<'));
  const marks = [...legend.matchAll(/<(?:path|circle) ([^>]*stroke="var\(--stage[^>]*)/g)].map(([, look]) =>
    look?.replace(/transform="[^"]*"|c[xy]="[^"]*"/g, ''),
  );
  expect(marks).toHaveLength(13);
  expect(new Set(marks).size).toBe(13);
});

group.each(['light', 'dark'])('in the %s theme', (scheme) => {
  const colors = new Map(
    [
      ...(`${theme}`.match(new RegExp(`color-scheme:${scheme};(.*?)\\}`))?.[1] ?? '').matchAll(/--([\w-]+):(#\w{6})/g),
    ].map(([, name, color]) => [name, color]),
  );
  const luminance = (name: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colors.get(name)?.slice(at, at + 2) ?? '', 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  test('text has enough contrast with every background', () => {
    for (const text of ['ink', 'muted']) {
      for (const ground of ['paper', 'lane', 'rest']) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast('alarm', 'paper')).toBeGreaterThanOrEqual(4.5);
  });

  test('every stage has enough contrast with the paper', () => {
    for (let stage = 0; stage < 12; stage++) expect(contrast(`stage-${stage}`, 'paper')).toBeGreaterThanOrEqual(3);
  });
});

test('the page shows a secret without a project', () => {
  const events = eventsOf('{"at": 0, "secret": "db", "action": {"type": "createSecret"}}');
  expect(drawPage(events, 'x')).toContain('<bdi>db</bdi></h2>');
  expect(drawSvg(events, 'x')).not.toContain('in project');
  expect(drawPage(eventsIn('rotation'), 'x')).toContain('</bdi> <small>in project <bdi>shop</bdi></small></h2>');
});

test('undrawnText counts the secrets that are not drawn', () => {
  const limits = 'A picture shows at most 100 secrets and 2,000 steps.';
  expect(undrawnText(0)).toEqual([]);
  expect(undrawnText(1)).toEqual([`1 more secret is not drawn. ${limits}`]);
  expect(undrawnText(2000)).toEqual([`2,000 more secrets are not drawn. ${limits}`]);
});

test('the page and the picture say what is not drawn', () => {
  const names = Array.from({ length: 101 }, (_, index) => `db${index}`);
  const many = eventsOf(...names.map((name) => call(0, 'POST', '', { name })));
  const secrets = '1 more secret is not drawn. A picture shows at most 100 secrets and 2,000 steps.';
  expect(drawPage(many, 'x')).toContain(`<p>${secrets} The table has all calls.</p>`);
  expect(drawSvg(many, 'x')).toContain(`>${secrets}</text>`);

  const roomy = defineDialect(huaweiCsms, { stages: { limit: 1e6 }, versions: { limit: null } });
  const did = (at: number, action: object) => JSON.stringify({ at, secret: 'db', action });
  const created = Array.from({ length: 160 }, (_, at) => did(at, { type: 'createVersion', stages: [`s${at}`] }));
  const stages = eventsUnder(roomy, did(0, { type: 'createSecret' }), ...created);
  const said =
    'Only the first 156 of 161 stages are drawn. ' +
    'Only 100 versions are drawn at a time, those with stages first; up to 61 more exist.';
  const page = drawPage(stages, 'x');
  expect(page).toContain(`${said} Stages: SYSCURRENT, s0, `);
  expect(page).toContain(', s18, and 141 more.</p>');
  const svg = drawSvg(stages, 'x');
  for (const sentence of said.split(/(?<=\.) /)) expect(svg).toContain(`>db: ${sentence}</text>`);

  const calls = Array.from({ length: 2000 }, (_, at) => call(at, 'GET', '/db'));
  const long = drawPage(eventsOf(call(0, 'POST', '', { name: 'db' }), ...calls), 'x');
  expect(long).toContain('2,001 steps, 0 refused');
  expect(long).toContain('Only the last 2,000 of 2,001 steps are drawn.');
  expect(long.match(/<tr id=/g)).toHaveLength(2001);
  for (const whole of [drawPage(eventsIn('rotation'), 'x'), drawSvg(eventsIn('rotation'), 'x')])
    expect(whole).not.toMatch(/Only|not drawn/);
});
