// Filters the rows of a table that stands in the page. What is asked stands in the address, so that it can be
// kept and sent, and the language switch keeps it. Without a script the table stands whole.
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const rows = [...document.querySelectorAll(`#${form.dataset.rows} tbody tr`)];
  const selects = [...form.querySelectorAll("select[data-filter]")];
  const result = document.getElementById("result");
  const other = document.getElementById("other-language");
  const otherPage = other.getAttribute("href");

  function asked() {
    const words = new URLSearchParams();
    for (const select of selects) if (select.value) words.set(select.dataset.filter, select.value);
    return words;
  }

  function show() {
    const words = asked();
    let shown = 0;
    for (const row of rows) {
      const matches = [...words].every(([filter, code]) => row.getAttribute(`data-${filter}`).split(" ").includes(code));
      row.hidden = !matches;
      if (matches) shown += 1;
    }
    result.textContent = result.dataset.result.replace("{shown}", shown).replace("{listed}", rows.length);
    const address = words.toString();
    history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
    other.setAttribute("href", address ? `${otherPage}#${address}` : otherPage);
  }

  function read() {
    const words = new URLSearchParams(location.hash.slice(1));
    for (const select of selects) {
      const code = words.get(select.dataset.filter) ?? "";
      select.value = [...select.options].some((option) => option.value === code) ? code : "";
    }
    show();
  }

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  window.addEventListener("hashchange", read);
  form.hidden = false;
  read();
})();
