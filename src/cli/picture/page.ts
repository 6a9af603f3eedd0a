import { createHash } from 'node:crypto';
import { timeText } from '../../drawing/draw-secret.ts';
import type { Event } from '../../transcript/index.ts';
import { atMost } from '../host.ts';
import type { Step } from './life.ts';
import { type Markup, markup } from './markup.ts';
import { type Figure, pictureOf, type Unusable } from './picture.ts';
import { drawFigure, svgOf, theme, undrawnText } from './svg.ts';

/**
 * A replayed transcript as one self-contained page: a figure of each secret, and a table of all calls. It can be read without scripts,
 * without colours and on paper. Its script only shows the content of the table on hover and focus.
 *
 * It draws at most 100 secrets and 2,000 steps, and at most 156 stages and 100 versions at a time per secret. It says what is not
 * drawn. The table has all calls.
 */
export function drawPage(events: readonly Event[], title: string): string {
  const { figures, undrawn, steps } = pictureOf(events);
  const rowOf = new Map(steps.map((step, index) => [step, `step-${index + 1}`]));
  const linkTo = (step: Step) => `#${rowOf.get(step)}`;
  return `${markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
<a class="skip" href="#calls">Skip to the table of all calls</a>
<main>
<h1>${title}</h1>
<p>${figures.length > 0 ? introduction : 'No secret was created.'}</p>
${figures.map((figure, index) => figureOf(figure, `secret-${index}`, linkTo))}
${undrawnText(undrawn).map((text) => markup`<p>${text} The table has all calls.</p>`)}
<section><h2 id="calls" tabindex="-1">All calls</h2><div class="scroll" role="region" aria-labelledby="calls" tabindex="0"><table>
<thead><tr><th scope="col">Line<th scope="col">Time (UTC)<th scope="col">Project<th scope="col">Secret<th scope="col">Call<th scope="col">Outcome<th scope="col">Result</thead>
<tbody>
${steps.map((step, index) => markup`<tr id="step-${index + 1}" class="${step.outcome}">${cellsOf(step)}</tr>`)}
</tbody></table></div></section>
</main>
<script>${script}</script>
</html>
`}`;
}

const introduction =
  'Each lane is a version, with the oldest at the top. Time runs from left to right. Press Tab to go to the refused calls, and the arrow keys to go through all calls.';

const figureOf = (figure: Figure, id: string, linkTo: (step: Step) => string): Markup => {
  const { secret, project, stages } = figure;
  const { legend, panels, text, undrawn } = drawFigure(figure, linkTo);
  const place = project === '' ? '' : markup` <small>in project <bdi>${project}</bdi></small>`;
  return markup`<figure><figcaption><h2 id="${id}"><bdi>${secret}</bdi>${place}</h2>
<p>${[text, ...undrawn].join(' ')} Stages: ${atMost(20, stages).join(', ')}.</p></figcaption><div class="scroll">
${svgOf(legend, markup`aria-hidden="true"`)}
${panels.map((panel) => svgOf(panel, markup`role="group" aria-labelledby="${id}"`))}
</div></figure>`;
};

const outcomes = {
  done: 'done',
  refused: '✕ refused',
  unmoved: 'no effect on stages',
  due: 'deletion due',
  unusable: 'cannot be played',
};

const cellsOf = (step: Step | Unusable): readonly Markup[] => {
  const cells =
    step.outcome === 'unusable'
      ? ['–', '–', '–', '–', outcomes.unusable, `${step.expected}.`]
      : [timeText(step.at), step.project, step.secret, step.operation, outcomes[step.outcome], step.sentences];
  return [`${step.line ?? '–'}`, ...cells].map((cell) => {
    const [first = '', ...others] = [cell].flat();
    return markup`<td><bdi>${first}</bdi>${others.map((line) => markup`<br><bdi>${line}</bdi>`)}</td>`;
  });
};

const style = markup`${theme}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
body{margin:0}main{max-width:1024px;margin:0 auto;padding:40px 32px 64px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0;overflow-wrap:anywhere}h2 small{font-weight:normal;font-size:.95rem;color:var(--muted)}
p{margin:4px 0 0;color:var(--muted);overflow-wrap:anywhere}
figure,section{margin:48px 0 0}.scroll{overflow-x:auto;padding:8px 4px;margin:8px -4px 0}
svg{display:block;margin:0 0 12px}
.call{cursor:pointer}
.call:hover rect{fill:var(--ink);fill-opacity:.07}.call:focus-visible rect{stroke:var(--ink);stroke-width:2px}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}.call:focus-visible{outline:none}
table{border-collapse:collapse;font-size:.875rem;min-width:56rem;width:100%}
th,td{text-align:start;vertical-align:top;padding:8px 16px 8px 0;border-bottom:1px solid var(--rule)}
td:nth-child(2){white-space:nowrap}td:nth-child(3),td:nth-child(4){overflow-wrap:anywhere;min-width:6rem}
td:last-child{overflow-wrap:anywhere;min-width:14rem}td:nth-child(6){white-space:nowrap}
.refused td:nth-child(6),.unusable td:nth-child(6){color:var(--alarm);font-weight:600}:target td{background:var(--lane)}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--paper);color:var(--ink);padding:8px 16px;z-index:2}
#tip{position:fixed;z-index:1;max-width:min(30rem,calc(100vw - 16px));padding:8px 12px;border-radius:8px;background:var(--ink);color:var(--paper);font-size:.875rem;white-space:pre-line;overflow-wrap:anywhere;box-shadow:0 4px 16px #0004}
#tip[hidden]{display:none}
@media print{@page{size:landscape;margin:12mm}main{max-width:none;padding:0}.skip,#tip{display:none}.scroll{overflow:visible}svg{max-width:100%;height:auto;break-inside:avoid}table{min-width:0;font-size:8pt}thead{display:table-header-group}tr{break-inside:avoid}*{print-color-adjust:exact}}
`;

const script = markup`
const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('role', 'tooltip');
document.body.append(tip);
let shown;
const place = () => {
  if (!shown) return;
  const box = shown.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8)) + 'px';
  tip.style.top = Math.max(8, Math.min(box.bottom + 8, innerHeight - tip.offsetHeight - 8)) + 'px';
};
const hide = () => { tip.hidden = true; shown = undefined; };
const leave = ({ relatedTarget }) => { if (relatedTarget !== tip && shown !== document.activeElement) hide(); };
tip.addEventListener('mouseleave', leave);
addEventListener('scroll', place, true);
addEventListener('resize', place);
addEventListener('keydown', ({ key }) => { if (key === 'Escape') hide(); });
for (const figure of document.querySelectorAll('figure')) {
  const calls = [...figure.querySelectorAll('.call')];
  const isStop = (call) => call.classList.contains('refused');
  let here = calls[0];
  calls.forEach((call, index) => {
    const title = call.querySelector('title');
    const text = title.textContent;
    title.remove();
    if (call !== here && !isStop(call)) call.setAttribute('tabindex', '-1');
    const show = () => { shown = call; tip.textContent = text; tip.hidden = false; place(); };
    call.addEventListener('mouseenter', show);
    call.addEventListener('mouseleave', leave);
    call.addEventListener('blur', hide);
    call.addEventListener('focus', () => {
      if (!isStop(here)) here.setAttribute('tabindex', '-1');
      here = call;
      call.setAttribute('tabindex', '0');
      show();
    });
    call.addEventListener('keydown', (event) => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: calls.length - 1 }[event.key];
      if (!calls[to]) return;
      event.preventDefault();
      calls[to].focus();
    });
  });
}
`;

const hashOf = (text: Markup): string => createHash('sha256').update(`${text}`).digest('base64');

const policy = markup`default-src 'none'; style-src 'sha256-${hashOf(style)}'; script-src 'sha256-${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
