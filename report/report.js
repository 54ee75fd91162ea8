// What a reader can do beside reading: sort and filter tables, enlarge figures, follow a number to
// its row and copy what names it. The page says everything without this script.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // A unit is a row with the indented rows that belong to it; a heading that spans the table
  // (class "block") begins a part, within which units are sorted.

  function parts(table) {
    const found = [];
    for (const body of table.tBodies) {
      let part = { body, heading: null, units: [] };
      found.push(part);
      for (const row of body.rows) {
        const head = row.cells[0];
        if (row.classList.contains("block")) {
          if (part.heading || part.units.length) found.push((part = { body, units: [] }));
          part.heading = row;
        } else if (head.classList.contains("indent") && part.units.at(-1)?.row.className === "strong") {
          part.units.at(-1).children.push({ row, children: [] });
        } else {
          part.units.push({ row, children: [] });
        }
      }
    }
    return found;
  }

  function key(row, column) {
    const cell = row.cells[column];
    const data = cell?.querySelector("data");
    const bare = cell?.querySelector(".row-tools") ? cell.firstChild : cell;
    const text = data ? data.value : (bare?.textContent.trim() ?? "");
    const number = Number(text.replace("−", "-").replace(/%$/, ""));
    return text === "" || text === "–" ? null : Number.isNaN(number) ? text : number;
  }

  function compare(first, second, direction) {
    if (first === null || second === null) return (first === null) - (second === null);
    if (typeof first === "number" && typeof second === "number") return direction * (first - second);
    if (typeof first !== typeof second) return typeof first === "number" ? -1 : 1;
    return direction * first.localeCompare(second, "en", { numeric: true });
  }

  function arrange(units, column, direction, place) {
    const order = direction
      ? [...units].sort((a, b) => compare(key(a.row, column), key(b.row, column), direction))
      : units;
    for (const unit of order) {
      place(unit.row);
      arrange(unit.children, column, direction, place);
    }
  }

  function makeSortable(table) {
    const original = parts(table);
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = make("button", { type: "button", className: "sorter" });
      // A link cannot stand in a button: beside one, the button is a mark alone.
      if (heading.querySelector("a")) {
        button.setAttribute("aria-label", `Sort by ${heading.textContent.trim()}`);
        heading.append(" ");
      } else {
        button.append(...heading.childNodes);
      }
      heading.append(button);
      button.addEventListener("click", () => {
        const now = heading.ariaSort;
        const next = now === "ascending" ? "descending" : now === "descending" ? null : "ascending";
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        if (next) heading.setAttribute("aria-sort", next);
        const direction = { ascending: 1, descending: -1 }[next] ?? 0;
        for (const part of original) {
          if (part.heading) part.body.append(part.heading);
          arrange(part.units, column, direction, (row) => part.body.append(row));
        }
      });
    });
  }

  function makeFilter(table) {
    const original = parts(table);
    const name = table.caption.textContent.trim();
    const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", `Filter the rows of: ${name}`);
    const count = make("output", {});
    const bar = make("div", { className: "filter-bar" }, make("label", {}, "Filter ", input));
    const roles = [...new Set([...table.querySelectorAll("[data-role]")].map((r) => r.dataset.role))];
    const select = make("select", {}, make("option", { value: "" }, "All roles"));
    select.setAttribute("aria-label", `Role of the analyses in: ${name}`);
    if (roles.length > 1) {
      select.append(...roles.map((role) => make("option", { value: role }, role)));
      bar.append(make("label", {}, "Role ", select));
    }
    bar.append(count);

    function show(unit, holds, wanted) {
      const own = wanted || holds(unit.row);
      const below = unit.children.map((child) => show(child, holds, own));
      const shown = own || below.some(Boolean);
      unit.row.hidden = !shown;
      return shown;
    }

    function apply() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const part of original) {
        const heading = part.heading?.textContent ?? "";
        const holds = (row) => {
          const text = `${heading} ${row.textContent}`.toLowerCase();
          return (
            (!select.value || row.dataset.role === select.value) && words.every((w) => text.includes(w))
          );
        };
        const shown = part.units.map((unit) => show(unit, holds, false));
        if (part.heading) part.heading.hidden = !shown.some(Boolean);
      }
      const rows = [...table.querySelectorAll("tbody tr:not(.block)")];
      const left = rows.filter((row) => !row.hidden).length;
      count.value = left === rows.length ? `${left} rows` : `${left} of ${rows.length} rows`;
    }

    input.addEventListener("input", apply);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && input.value) {
        input.value = "";
        apply();
      }
    });
    select.addEventListener("change", apply);
    table.closest(".scroll").before(bar);
    apply();
    // A row that a link leads to must be seen, whatever was filtered.
    table.addEventListener("reveal", () => {
      input.value = select.value = "";
      apply();
    });
  }

  function markScrolling(box) {
    const over = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("over", over);
    if (over) {
      const name = box.querySelector("caption, img");
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", (name?.alt ? "Figure" : name?.textContent.trim()) || "Table");
    } else {
      ["tabindex", "role", "aria-label"].forEach((attribute) => box.removeAttribute(attribute));
    }
  }

  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => markScrolling(entry.target)));

  function makeEnlargeable(figure) {
    const image = figure.querySelector("img");
    const title = figure.querySelector(".unseen")?.textContent ?? "Figure";
    const button = make("button", { type: "button", className: "enlarge" }, "Enlarge");
    button.setAttribute("aria-label", `Enlarge the figure: ${title}`);
    button.addEventListener("click", () => {
      const close = make("button", { type: "button", className: "close", autofocus: true }, "Close");
      const whole = make("div", { className: "whole", tabIndex: 0 }, image.cloneNode());
      whole.setAttribute("role", "region");
      whole.setAttribute("aria-label", title);
      const dialog = make("dialog", { className: "enlarged" }, close, whole);
      dialog.setAttribute("aria-label", title);
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      dialog.addEventListener("close", () => {
        dialog.remove();
        button.focus();
      });
      document.body.append(dialog);
      dialog.showModal();
    });
    image.closest(".scroll").before(button);
  }

  // As seizureflow.displays.values.Result.identity writes it.
  function identity(row) {
    const keys = [...row.closest("table").tHead.rows[0].cells].map((cell) => cell.dataset.k);
    const about = Object.fromEntries(keys.map((k, place) => [k, row.cells[place].textContent]));
    const encoded = (text) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const query = ["group", "reference", "variable", "level", "visit"]
      .filter((name) => about[name])
      .map((name) => `${name}=${encoded(about[name])}`);
    const name = `${row.closest("details").dataset.analysis}/${about.statistic}`;
    return { name: query.length ? `${name}?${query.join("&")}` : name, value: about.value };
  }

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "This browser does not let a page copy";
    }
  }

  function offerCopy(row) {
    document.querySelector(".row-tools")?.remove();
    const named = identity(row);
    const text = `${named.name} = ${named.value}`;
    const button = make("button", { type: "button", title: text }, "Copy");
    button.setAttribute("aria-label", `Copy what names this number: ${text}`);
    button.addEventListener("click", () => copy(text, button));
    const back = make("button", { type: "button" }, "Back");
    back.setAttribute("aria-label", "Back to where this row was linked from");
    back.addEventListener("click", () => history.back());
    row.cells[0].append(make("span", { className: "row-tools" }, button, back));
  }

  function nameNumber(event) {
    const data = event.target.closest?.("a.n")?.firstElementChild;
    if (data && !data.title) data.title = `${data.dataset.result} = ${data.value || "no value"}`;
  }

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    if (target.matches("details")) target.open = true;
    enhance(target.closest("details") ?? document);
    target.closest("table.filter")?.dispatchEvent(new Event("reveal"));
    if (target.matches("table.results tr")) offerCopy(target);
    if (!target.matches("a, button, input, summary")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: target.matches("tr") ? "center" : "start" });
  }

  function watchContents() {
    const contents = document.querySelector("nav details");
    const narrow = matchMedia("(max-width: 63.99rem)");
    const fold = () => (contents.open = !narrow.matches);
    narrow.addEventListener("change", fold);
    fold();
    contents.addEventListener("click", (event) => event.target.closest("a") && fold());
    contents.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !narrow.matches) return;
      contents.open = false;
      contents.querySelector("summary").focus();
    });
    const links = new Map([...contents.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries.filter((e) => e.isIntersecting)) {
          links.forEach((link) => link.removeAttribute("aria-current"));
          links.get(entry.target.id)?.setAttribute("aria-current", "true");
        }
      },
      { rootMargin: "-10% 0px -80% 0px" },
    );
    document.querySelectorAll("main section[id]").forEach((section) => seen.observe(section));
  }

  // Where the style sheet cannot open what is folded, it is opened for the time of printing.

  function openForPrint() {
    if (CSS.supports("selector(::details-content)")) return;
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open]):not(.rows)")];
      opened.forEach((box) => (box.open = true));
    });
    addEventListener("afterprint", () => opened.forEach((box) => (box.open = false)));
  }

  // Tables that are folded away are made ready when they are opened.
  function enhance(part) {
    for (const table of part.querySelectorAll("table:not([data-ready])")) {
      if (table.closest("details:not([open])")) continue;
      table.dataset.ready = "";
      if (table.matches(".filter")) makeFilter(table);
      if (table.matches(".sort")) makeSortable(table);
    }
  }

  document.addEventListener("toggle", (event) => event.target.open && enhance(event.target), true);
  document.addEventListener("pointerover", nameNumber);
  document.addEventListener("focusin", nameNumber);
  enhance(document);
  document.querySelectorAll(".scroll").forEach((box) => sizes.observe(box));
  document.querySelectorAll("figure").forEach(makeEnlargeable);
  if (document.querySelector("nav details")) watchContents();
  openForPrint();
  addEventListener("hashchange", reveal);
  reveal();
})();
