// The register of findings: filters, search, sorting and paging over data that scripts of this folder hand in.
// index.js holds what is filtered and sorted by; <n>.js and <n>.<language>.js hold what a row shows besides,
// fetched when a page of the register, or a search, needs them. Text only ever becomes text, never markup.
"use strict";

const PAGE = 50;
const FILTERS = ["severity", "rule_id", "authority_code", "zone_id", "report_year", "disposition"];
const SHOWN = ["sheet", "file_name", "field", "value", "expected", "failure_id"];
const NOTHING = "—";

const findings = {
  chunks: new Map(),
  arrivals: new Map(),

  index(_, data) {
    this.data = data;
    this.size = data.row_number.length;
    this.view = startView(this);
  },

  rows(number, columns) {
    this.arrived(number, "rows", columns.map(unpacked));
  },

  messages(number, packed) {
    this.arrived(number, "messages", unpacked(packed));
  },

  arrived(number, part, texts) {
    const chunk = this.chunks.get(number) ?? {};
    chunk[part] = texts;
    this.chunks.set(number, chunk);
    if (chunk.rows && chunk.messages) this.arrivals.get(number)?.();
  },

  // Loads a chunk once; a page that is opened from disk may load scripts and nothing else.
  load(number, folder, language) {
    const chunk = this.chunks.get(number);
    if (chunk?.rows && chunk?.messages) return Promise.resolve();
    if (chunk?.promise) return chunk.promise;
    const promise = new Promise((resolve, reject) => {
      this.arrivals.set(number, resolve);
      for (const name of [`${number}.js`, `${number}.${language}.js`]) {
        const script = document.createElement("script");
        script.src = `${folder}/${name}`;
        script.onerror = () => reject(new Error(script.src));
        document.head.append(script);
      }
    });
    this.chunks.set(number, { ...chunk, promise });
    return promise;
  },

  // Gives what a row shows besides what it is filtered by; its chunk has arrived.
  shown(row) {
    const chunk = this.chunks.get(Math.floor(row / this.data.chunk));
    const place = row % this.data.chunk;
    const texts = Object.fromEntries(SHOWN.map((name, i) => [name, chunk.rows[i][place]]));
    return { ...texts, message: chunk.messages[place] };
  },

  code(row, column) {
    const at = this.data.columns[column][row];
    return at < 0 ? null : this.data.lists[column][at];
  },
};

function unpacked(packed) {
  return packed.at ? packed.at.map((at) => packed.texts[at]) : packed.texts;
}

function startView(register) {
  const table = document.getElementById("register");
  const words = document.getElementById("words");
  const page = document.getElementById("page");
  const result = document.getElementById("result");
  const told = table.dataset;
  const zonePages = JSON.parse(told.zones);
  const zoneNames = JSON.parse(told.zoneNames);
  const rulePages = JSON.parse(told.rules);
  const selects = Object.fromEntries(FILTERS.map((name) => [name, document.getElementById(name)]));
  const worded = Object.fromEntries(FILTERS.map((name) => [name,
    Object.fromEntries([...selects[name].options].map((option) => [option.dataset.code, option.textContent.trim()]))]));
  let chosen = [];
  let sort = { column: null, down: false };
  let asked = 0;

  function readAddress() {
    const asks = new URLSearchParams(location.hash.slice(1));
    for (const name of FILTERS) {
      const option = [...selects[name].options].find((each) => each.dataset.code === asks.get(name));
      selects[name].value = option ? option.value : "";
    }
    words.value = asks.get("words") ?? "";
    page.value = Number.parseInt(asks.get("page") ?? "1", 10) || 1;
    const column = asks.get("sort") ?? "";
    sort = { column: column.replace(/^-/, "") || null, down: column.startsWith("-") };
    if (sort.column && !table.querySelector(`th[data-sort="${CSS.escape(sort.column)}"]`)) sort.column = null;
  }

  function writeAddress() {
    const asks = new URLSearchParams();
    for (const name of FILTERS) {
      const option = selects[name].selectedOptions[0];
      if (option?.dataset.code) asks.set(name, option.dataset.code);
    }
    if (words.value.trim()) asks.set("words", words.value.trim());
    if (sort.column) asks.set("sort", (sort.down ? "-" : "") + sort.column);
    if (Number(page.value) > 1) asks.set("page", page.value);
    history.replaceState(null, "", `#${asks}`);
    const other = document.getElementById("other-language");
    other.href = `${other.getAttribute("href").split("#")[0]}#${asks}`;
  }

  function chunksOf(rows) {
    return [...new Set(rows.map((row) => Math.floor(row / register.data.chunk)))];
  }

  async function loadAll(chunks, turn) {
    let done = 0;
    const missing = chunks.filter((number) => !register.chunks.get(number)?.messages);
    await Promise.all(chunks.map((number) => register.load(number, told.folder, told.language).then(() => {
      done += 1;
      if (turn === asked && missing.length > 1) {
        result.textContent = told.loading.replace("{done}", done).replace("{all}", chunks.length);
      }
    })));
  }

  function matching() {
    const wanted = FILTERS.filter((name) => selects[name].value !== "")
      .map((name) => [register.data.columns[name], Number(selects[name].value)]);
    const rows = [];
    for (let row = 0; row < register.size; row += 1) {
      if (wanted.every(([column, at]) => column[row] === at)) rows.push(row);
    }
    return rows;
  }

  function holding(rows, sought) {
    const parts = sought.toLowerCase().split(/\s+/u);
    return rows.filter((row) => {
      const shown = register.shown(row);
      const codes = ["rule_id", "zone_id", "report_year"].map((name) => register.code(row, name));
      const zoneName = zoneNames[register.code(row, "zone_id")];
      const text = [...Object.values(shown), ...codes, zoneName].join("\u0000").toLowerCase();
      return parts.every((part) => text.includes(part));
    });
  }

  function sorted(rows) {
    if (!sort.column) return rows;
    const values = sort.column === "row_number" ? register.data.row_number : register.data.columns[sort.column];
    const sign = sort.down ? -1 : 1;
    const last = (value) => value === null || value < 0;
    return [...rows].sort(compare);
    function compare(one, other) {
      const [a, b] = [values[one], values[other]];
      if (last(a) || last(b)) return last(a) - last(b) || one - other;
      return sign * (a - b) || one - other;
    }
  }

  // Answers what is asked now; an answer that comes after another was asked for is dropped.
  async function answer() {
    const turn = (asked += 1);
    table.setAttribute("aria-busy", "true");
    let rows = matching();
    const sought = words.value.trim();
    if (sought) {
      await loadAll(chunksOf(rows), turn);
      if (turn !== asked) return;
      rows = holding(rows, sought);
    }
    chosen = sorted(rows);
    await show(turn);
  }

  async function show(turn) {
    const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
    page.value = Math.min(Math.max(1, Number(page.value) || 1), pages);
    page.max = pages;
    const first = (page.value - 1) * PAGE;
    const rows = chosen.slice(first, first + PAGE);
    await loadAll(chunksOf(rows), turn);
    if (turn !== asked) return;
    table.tBodies[0].replaceChildren(...rows.map(line));
    result.textContent = chosen.length === 0 ? told.none : told.result
      .replace("{all}", chosen.length.toLocaleString("en")).replace("{first}", (first + 1).toLocaleString("en"))
      .replace("{last}", (first + rows.length).toLocaleString("en"));
    document.getElementById("pages").textContent = `/ ${pages}`;
    document.getElementById("previous").disabled = Number(page.value) <= 1;
    document.getElementById("next").disabled = Number(page.value) >= pages;
    for (const head of table.querySelectorAll("th[data-sort]")) {
      const order = sort.down ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.sort === sort.column ? order : "none");
    }
    table.setAttribute("aria-busy", "false");
    writeAddress();
  }

  function line(row) {
    const shown = register.shown(row);
    const [rule, zone] = [register.code(row, "rule_id"), register.code(row, "zone_id")];
    const number = register.data.row_number[row];
    const tr = document.createElement("tr");
    tr.append(
      cell([link(rule, rulePages[rule]), soft(worded.severity[register.code(row, "severity")])], "rule"),
      cell([link(zoneNames[zone] ?? zone, zonePages[zone]), soft(zone),
        soft(worded.authority_code[register.code(row, "authority_code")])], "text zone"),
      cell([register.code(row, "report_year") ?? NOTHING], "number"),
      cell([shown.sheet ?? "", soft(shown.field), soft(shown.file_name)], "text"),
      cell([number ?? NOTHING], "number"),
      cell([shown.value ?? NOTHING], "text value"),
      cell([shown.message ?? NOTHING], "text wide"),
      cell([shown.expected ?? NOTHING], "text"),
      cell([worded.disposition[register.code(row, "disposition")] ?? NOTHING, soft(shown.failure_id, "identifier")]),
    );
    return tr;
  }

  function cell(parts, kind = "") {
    const td = document.createElement("td");
    if (kind) td.className = kind;
    td.append(...parts.filter((part) => part !== null));
    return td;
  }

  function link(text, pageOf) {
    if (!pageOf) return text ?? NOTHING;
    const a = document.createElement("a");
    a.href = pageOf + told.suffix;
    a.textContent = text;
    return a;
  }

  // A second line of a cell; none where there is nothing to say.
  function soft(text, kind = "") {
    if (text === null || text === undefined) return null;
    const div = document.createElement("div");
    div.className = `soft ${kind}`;
    div.textContent = text;
    return div;
  }

  function fail(problem) {
    result.textContent = problem.message;
    throw problem;
  }

  const afresh = () => {
    page.value = 1;
    answer().catch(fail);
  };
  const turnTo = (number) => {
    page.value = number;
    show(asked).catch(fail);
  };
  let typing = 0;
  words.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(afresh, 250);
  });
  for (const name of FILTERS) selects[name].addEventListener("change", afresh);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filters").addEventListener("reset", () => setTimeout(afresh));
  document.getElementById("previous").addEventListener("click", () => turnTo(Number(page.value) - 1));
  document.getElementById("next").addEventListener("click", () => turnTo(Number(page.value) + 1));
  page.addEventListener("change", () => turnTo(Number(page.value)));
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th[data-sort]");
    if (!head) return;
    sort = { column: head.dataset.sort, down: sort.column === head.dataset.sort && !sort.down };
    afresh();
  });
  window.addEventListener("hashchange", () => {
    readAddress();
    answer().catch(fail);
  });
  readAddress();
  answer().catch(fail);
  return { answer };
}
