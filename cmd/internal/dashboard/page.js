"use strict";
// Follows the folder. What comes from it is only ever shown as text.
const every = 1000;
const plans = [];
let seen = 0, spoken = "";

const by = (id) => document.getElementById(id);
function element(name, className, text) {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}
function put(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

// asMany removes or makes elements of a box until there are so many.
function asMany(n, all, box, make) {
  while (all.length > n) all.pop().box.remove();
  while (all.length < n) {
    all.push(make(all.length));
    box.append(all[all.length - 1].box);
  }
}

// A table keeps its element, and so the place to which it is scrolled.
function newTable() {
  const box = element("div", "scroll"), table = element("table");
  const caption = element("span"), head = table.createTHead(), body = table.createTBody(), more = element("p", "quiet");
  table.createCaption().append(caption);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.append(table, more);
  return { box, fill(t) {
    const rows = t.rows || [];
    box.hidden = rows.length === 0;
    put(caption, t.caption);
    box.setAttribute("aria-label", t.caption);
    put(more, t.more);
    table.classList.toggle("wraps", !!t.wraps);
    if (rows.length === 0) return;
    const header = element("tr");
    for (const name of t.header) {
      const th = element("th", "", name);
      th.scope = "col";
      header.append(th);
    }
    head.replaceChildren(header);
    body.replaceChildren(...rows.map((r) => {
      const tr = element("tr", r.alert ? "alert" : "");
      r.cells.forEach((text, i) => {
        const cell = element(i === 0 ? "th" : "td");
        if (i === 0) cell.scope = "row";
        if (i === 1 && r.share >= 0) {
          const bar = element("progress");
          bar.value = r.share;
          bar.setAttribute("aria-hidden", "true");
          cell.append(element("span", "share", text), bar);
        } else {
          cell.textContent = text;
        }
        tr.append(cell);
      });
      return tr;
    }));
  } };
}

function newChart(plan, chart) {
  const box = element("figure"), title = element("figcaption"), picture = element("picture"), img = element("img");
  const sources = [["(max-width: 600px) and (prefers-color-scheme: dark)", "&dark&narrow"], ["(max-width: 600px)", "&narrow"],
    ["(prefers-color-scheme: dark)", "&dark"]].map(([media, query]) => {
    const source = element("source");
    source.media = media;
    picture.append(source);
    return { source, query };
  });
  picture.append(img);
  const details = element("details"), table = newTable();
  details.append(element("summary", "", "The same as a table"), table.box);
  box.append(title, picture, details);
  return { box, fill(c, version) {
    put(title, c.title);
    img.alt = c.title + ": curves; the numbers are in the table below";
    const at = `/chart?plan=${plan}&chart=${chart}&version=${version}`;
    for (const { source, query } of sources) source.srcset = at + query;
    img.src = at;
    table.fill(c.table);
    details.hidden = !(c.table.rows || []).length;
  } };
}

function newPlan(number) {
  const box = element("section"), name = element("h2"), line = element("p", "line"), left = element("p", "quiet left"), best = element("p");
  const whole = element("progress", "whole"), notes = element("ul", "quiet"), figures = element("div", "charts");
  const training = newTable(), groups = newTable(), charts = [], verdicts = element("div"), judged = [];
  whole.setAttribute("aria-label", "done");
  box.append(name, line, left, whole, training.box, figures, groups.box, best, verdicts, notes);
  return { box, fill(p, version) {
    put(name, p.name);
    name.hidden = !p.name;
    put(line, p.line);
    put(left, p.left);
    left.hidden = !p.left;
    whole.value = Math.max(p.share, 0);
    whole.hidden = p.share < 0;
    training.fill(p.training);
    const shown = p.charts || [], found = p.verdicts || [];
    asMany(shown.length, charts, figures, (at) => newChart(number, at));
    shown.forEach((c, i) => charts[i].fill(c, version));
    groups.fill(p.groups);
    put(best, p.best);
    best.hidden = !p.best;
    asMany(found.length, judged, verdicts, newTable);
    found.forEach((t, i) => judged[i].fill(t));
    notes.replaceChildren(...(p.notes || []).map((n) => element("li", "", n)));
    notes.hidden = !(p.notes || []).length;
  } };
}

function show(page) {
  put(by("title"), page.title);
  put(by("dir"), page.dir);
  document.title = page.title + " – bnlab watch";
  const shown = page.plans || [];
  asMany(shown.length, plans, by("plans"), newPlan);
  shown.forEach((p, i) => plans[i].fill(p, page.version));
  problem(page.problem && page.problem + " (what was seen before is below)");
  say(page.over ? "all trials are done" : shown.some((p) => p.line.includes("stalled")) ? "a training has stalled" : "");
}

function problem(text) {
  put(by("problem"), text || "");
  by("problem").hidden = !text;
  by("plans").classList.toggle("old", !!text);
}

// What a screen reader is told: not each step, but what has happened.
function say(text) {
  if (text !== spoken) put(by("spoken"), spoken = text);
}

async function follow() {
  try {
    const answer = await fetch("/state?seen=" + seen);
    if (answer.status === 200) {
      const page = await answer.json();
      show(page);
      seen = page.version;
    } else if (answer.status !== 204) {
      throw new Error(answer.statusText);
    }
  } catch {
    seen = 0; // all is asked for again
    problem("bnlab watch does not answer: it has ended, or the connection is lost; trying again");
  }
  setTimeout(follow, every);
}
follow();
