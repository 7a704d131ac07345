// What changed from minute to minute, in a small SVG: a panel of columns for each series.
import { escape } from "./plot.ts";
import { type Series, showNumber } from "./figure.ts";

const WIDTH = 760;
const LEFT = 150;
const CHART_WIDTH = 590;
const PANEL_HEIGHT = 90;
const CHART_HEIGHT = 66;
const TOP = 40;
const FOOT = 26;

/** The whole picture. */
export function timelineOf(title: string, series: readonly Series[]): string {
  const height = TOP + series.length * PANEL_HEIGHT + FOOT;
  const minutes = Math.max(1, ...series.map(({ values }) => values.length));
  const panels = series.map((each, index) => drawSeries(each, TOP + index * PANEL_HEIGHT, minutes));
  const ticks = [0, minutes / 2, minutes].map(
    (minute) =>
      `<text x="${LEFT + (minute / minutes) * CHART_WIDTH}" y="${height - 8}" text-anchor="middle" ` +
      `fill="#4a544e">${showNumber(minute)} min</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" \
font-family="system-ui, sans-serif" font-size="13" role="img">
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="24" font-size="15" font-weight="600" fill="#1d2420">${escape(title)}</text>
${[...panels, ...ticks].join("\n")}
</svg>
`;
}

function drawSeries({ what, unit, values }: Series, top: number, minutes: number): string {
  const largest = Math.max(...values, Number.MIN_VALUE);
  const bottom = top + CHART_HEIGHT;
  const step = CHART_WIDTH / minutes;
  const columns = values.map((value, index) => {
    const height = Math.round((value / largest) * CHART_HEIGHT);
    const x = (LEFT + index * step).toFixed(1);
    return (
      `<rect x="${x}" y="${bottom - height}" width="${(step * 0.8).toFixed(1)}" ` +
      `height="${height}" fill="#3f7d5b"/>`
    );
  });
  const label = `<text x="${LEFT - 8}" text-anchor="end"`;
  return [
    `${label} y="${top + 14}" fill="#1d2420">${escape(what)}</text>`,
    `${label} y="${top + 32}" fill="#4a544e">up to ${escape(`${showNumber(largest)} ${unit}`.trim())}</text>`,
    `<line x1="${LEFT}" x2="${LEFT + CHART_WIDTH}" y1="${bottom}" y2="${bottom}" stroke="#1d2420"/>`,
    ...columns,
  ].join("\n");
}
