// Draws charts to SVG files: reads {specifications, charts, folder} as JSON from standard input.
// A specification is compiled once and drawn with the rows of each of its charts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "vega-lite";
import { parse, View } from "vega";

const order = JSON.parse(readFileSync(0, "utf-8"));
const compiled = new Map();

function runtime(name) {
  if (!compiled.has(name)) {
    const specification = { ...order.specifications[name], data: { name: "rows" } };
    compiled.set(name, parse(compile(specification).spec));
  }
  return compiled.get(name);
}

for (const chart of order.charts) {
  const view = new View(runtime(chart.specification), { renderer: "none" });
  view.data("rows", chart.rows);
  writeFileSync(join(order.folder, chart.file), await view.toSVG());
  view.finalize();
}
