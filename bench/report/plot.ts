// Rows as horizontal bars in a small SVG, one panel per unit, with a dashed line at each bar.
import { barOf } from "../bars.ts";
import { isMet, type Row } from "./figure.ts";
import { showValue } from "./table.ts";

const WIDTH = 760;
const LABEL_WIDTH = 300;
const BAR_WIDTH = 340;
const LINE_HEIGHT = 22;
const PANEL_GAP = 14;

/** The whole picture; an empty text if nothing was measured. */
export function plotOf(title: string, rows: readonly Row[]): string {
  const panels = [
    ...Map.groupBy(
      rows.filter(({ value }) => value !== null),
      ({ unit }) => unit,
    ).values(),
  ];
  if (panels.length === 0) return "";
  let top = 40;
  const drawn = panels.map((panel) => {
    const text = drawPanel(panel, top);
    top += panel.length * LINE_HEIGHT + PANEL_GAP;
    return text;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif" font-size="13" role="img">
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="24" font-size="15" font-weight="600" fill="#1d2420">${escape(title)}</text>
${drawn.join("\n")}
</svg>
`;
}

function drawPanel(rows: readonly Row[], top: number): string {
  const largest = Math.max(
    ...rows.flatMap(({ value, bar }) => [value ?? 0, bar === undefined ? 0 : barOf(bar).value]),
    Number.MIN_VALUE,
  );
  const scale = (value: number): number => Math.max(1, Math.round((value / largest) * BAR_WIDTH));
  return rows.map((row, index) => drawRow(row, top + index * LINE_HEIGHT, scale)).join("\n");
}

function drawRow(row: Row, y: number, scale: (value: number) => number): string {
  const width = scale(row.value ?? 0);
  const fill = isMet(row) === false ? "#b3472f" : "#3f7d5b";
  const mark = row.bar === undefined ? "" : drawBar(LABEL_WIDTH + scale(barOf(row.bar).value), y);
  const label = `<text x="${LABEL_WIDTH - 8}" y="${y + 13}" text-anchor="end" fill="#1d2420">`;
  return `${label}${escape(row.what)}</text>
<rect x="${LABEL_WIDTH}" y="${y + 2}" width="${width}" height="14" rx="2" fill="${fill}"/>${mark}
<text x="${LABEL_WIDTH + BAR_WIDTH + 10}" y="${y + 13}" fill="#4a544e">${escape(showValue(row))}</text>`;
}

function drawBar(x: number, y: number): string {
  return `<line x1="${x}" x2="${x}" y1="${y}" y2="${y + 18}" stroke="#1d2420" stroke-dasharray="3 2"/>`;
}

/** For text in XML. */
export function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
