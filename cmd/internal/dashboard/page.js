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

// A table keeps its element, and so the place to which it is scrolled.
function newTable() {
  const box = element("div", "scroll"), table = element("table");
  const caption = table.createCaption(), head = table.createTHead(), body = table.createTBody(), more = element("p", "quiet");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.append(table, more);
  return { box, fill(t) {
    const rows = t.rows || [];
    box.hidden = rows.length === 0;
    put(caption, t.caption);
    box.setAttribute("aria-label", t.caption);
    put(more, t.more);
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
  const box = element("figure"), title = element("h3"), picture = element("picture"), img = element("img");
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
  const box = element("section"), name = element("h2"), line = element("p", "line"), left = element("p", "quiet left");
  const whole = element("progress", "whole"), notes = element("ul", "quiet"), figures = element("div", "charts");
  const training = newTable(), groups = newTable(), charts = [];
  whole.setAttribute("aria-label", "done");
  box.append(name, line, left, whole, training.box, figures, groups.box, notes);
  return { box, fill(p, version) {
    put(name, p.name);
    name.hidden = !p.name;
    put(line, p.line);
    put(left, p.left);
    left.hidden = !p.left;
    whole.value = Math.max(p.share, 0);
    whole.hidden = p.share < 0;
    training.fill(p.training);
    const shown = p.charts || [];
    while (charts.length > shown.length) charts.pop().box.remove();
    while (charts.length < shown.length) {
      charts.push(newChart(number, charts.length));
      figures.append(charts[charts.length - 1].box);
    }
    shown.forEach((c, i) => charts[i].fill(c, version));
    groups.fill(p.groups);
    notes.replaceChildren(...(p.notes || []).map((n) => element("li", "", n)));
    notes.hidden = !(p.notes || []).length;
  } };
}

function show(page) {
  put(by("title"), page.title);
  put(by("dir"), page.dir);
  document.title = page.title + " – bnlab watch";
  const shown = page.plans || [];
  while (plans.length > shown.length) plans.pop().box.remove();
  while (plans.length < shown.length) {
    plans.push(newPlan(plans.length));
    by("plans").append(plans[plans.length - 1].box);
  }
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
