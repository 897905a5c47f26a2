"use strict";
// Draws the charts of the page as SVG. A chart is panels side by side that share
// their axes; its ranges and ticks come with the data.
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const DASH = { dash: "7 4", dot: "2 3" };
  const SHIFT = 3; // pixels aside, for each unit of a series' shift

  // make returns an SVG element with the given attributes.
  function make(parent, name, attributes, text) {
    const e = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    if (parent) parent.append(e);
    return e;
  }

  // html returns an HTML element; text is never read as markup.
  function html(parent, name, attributes, text) {
    const e = document.createElement(name);
    for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    if (parent) parent.append(e);
    return e;
  }

  const color = (s) => `var(--c${s.color})`;

  // rich appends text to an HTML element, with the k of 10^k raised.
  function rich(parent, text) {
    const [base, exponent] = text.split("^");
    parent.append(base);
    if (exponent !== undefined) html(parent, "sup", {}, exponent);
    return parent;
  }

  // label writes 10^k with a raised k.
  function label(parent, attributes, text) {
    const [base, exponent] = text.split("^");
    const e = make(parent, "text", attributes, base);
    if (exponent !== undefined) make(e, "tspan", { dy: -5, "font-size": "9" }, exponent);
    return e;
  }

  // scale returns a function from the values of an axis to the pixels from a to b.
  function scale(axis, a, b) {
    const f = axis.log ? Math.log : (v) => v;
    const low = f(axis.min), high = f(axis.max);
    return (v) => a + ((f(v) - low) / (high - low)) * (b - a);
  }

  // mark draws the sign of a series around x, y.
  function mark(parent, s, x, y, attributes) {
    const at = { fill: color(s), transform: `translate(${x} ${y})`, ...attributes };
    const star = () => {
      let d = "";
      for (let i = 0; i < 10; i++) {
        const r = i % 2 ? 4 : 9, a = (i * Math.PI) / 5;
        d += `${i ? "L" : "M"}${(r * Math.sin(a)).toFixed(2)} ${(-r * Math.cos(a)).toFixed(2)}`;
      }
      return d + "Z";
    };
    switch (s.mark) {
      case "dot": return make(parent, "circle", { r: 2.4, "fill-opacity": 0.65, ...at });
      case "square": return make(parent, "path", { d: "M-4-4H4V4H-4Z", ...at });
      case "triangle": return make(parent, "path", { d: "M0-5L5 4H-5Z", ...at });
      case "diamond": return make(parent, "path", { d: "M0-6L6 0L0 6L-6 0Z", ...at });
      case "star": return make(parent, "path", { d: star(), ...at });
      default: return make(parent, "circle", { r: 4.5, ...at });
    }
  }

  // sample is the sign of a series in legends.
  function sample(parent, s) {
    const svg = make(parent, "svg", { width: 26, height: 14, "aria-hidden": "true" });
    if (s.dash) make(svg, "line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: color(s), "stroke-width": 2.2, "stroke-dasharray": DASH[s.dash] || "none" });
    if (s.mark) mark(svg, s, 13, 7);
    return svg;
  }

  class Chart {
    constructor(figure, data) {
      this.data = data;
      this.hidden = new Set();
      this.at = -1; // index into xs of the value read; -1 for none
      this.active = 0; // panel that is read
      this.names = [];
      const stage = figure.querySelector(".stage");
      this.legend(html(stage, "div", { class: "legend", role: "group", "aria-label": "Curves to show" }));
      this.box = html(stage, "div", { class: "panels" });
      this.panels = data.panels.map((panel, i) => new Panel(this, panel, i));
      this.tip = html(this.box, "div", { class: "tip", hidden: "" });
      this.spoken = html(stage, "div", { class: "spoken", role: "status", "aria-live": "polite" });
      this.width = 0;
      new ResizeObserver(() => this.resize()).observe(this.box);
      this.resize();
    }

    // legend has a button for each name that shows and hides its series.
    legend(parent) {
      for (const s of this.data.panels.flatMap((p) => p.series)) {
        if (this.names.includes(s.name) || !s.points.length) continue;
        this.names.push(s.name);
        const button = html(parent, "button", { type: "button", "aria-pressed": "true" });
        sample(button, s);
        rich(html(button, "span", { class: "name" }), s.name);
        button.addEventListener("click", () => {
          const hide = !this.hidden.delete(s.name);
          if (hide) this.hidden.add(s.name);
          button.setAttribute("aria-pressed", String(!hide));
          this.read(-1, 0);
          this.draw();
        });
      }
      for (const l of new Map(this.data.panels.flatMap((p) => p.lines || []).map((l) => [l.name, l])).values()) {
        const e = html(parent, "span", { class: "reference" });
        const svg = make(e, "svg", { width: 26, height: 14, "aria-hidden": "true" });
        make(svg, "line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: "var(--quiet)", "stroke-dasharray": "3 4" });
        rich(html(e, "span", { class: "name" }), l.name);
      }
    }

    resize() {
      if (this.box.clientWidth === this.width) return;
      this.width = this.box.clientWidth;
      this.draw();
    }

    draw() {
      const xs = new Set();
      for (const p of this.data.panels) for (const s of p.series) if (!this.hidden.has(s.name)) for (const q of s.points) xs.add(q.x);
      this.xs = [...xs].sort((a, b) => a - b);
      this.panels.forEach((p) => p.draw());
    }

    // read shows the values at the at-th x beside the panel of that index.
    read(at, panel) {
      this.at = at;
      this.active = panel;
      this.panels.forEach((p) => p.cursor());
      this.tip.hidden = at < 0;
      this.tip.replaceChildren();
      if (at < 0) {
        this.spoken.textContent = "";
        return;
      }
      const p = this.panels[panel], head = this.xText(this.xs[at]);
      rich(html(this.tip, "b"), head);
      const lines = p.values(this.xs[at]);
      for (const { s, text } of lines) {
        const row = html(this.tip, "div");
        sample(row, s);
        rich(html(row, "span"), s.name);
        row.append(text);
      }
      if (!lines.length) html(this.tip, "div", {}, "no value here");
      this.spoken.textContent = `${p.data.title} ${head}: ${lines.map(({ s, text }) => `${s.name} ${text}`).join("; ")}`;
      this.place(p);
    }

    xText(x) {
      const a = this.data.x;
      if (a.named) return `${a.label}: ${a.ticks.find((t) => t.at === x).text}`;
      if (!a.log) return `${a.name} ${x}`;
      return `${a.name} = ${Number(x.toPrecision(4))} = 10^${Math.log10(x).toFixed(3).replace("-", "−")}`;
    }

    // place puts the tip beside the cursor, inside the chart.
    place(p) {
      const all = this.box.getBoundingClientRect(), svg = p.svg.getBoundingClientRect();
      const x = svg.left - all.left + (p.x(this.xs[this.at]) * svg.width) / p.w;
      const room = all.width - this.tip.offsetWidth;
      const left = x + 14 <= room ? x + 14 : x - 14 - this.tip.offsetWidth;
      const top = svg.top - all.top + p.top + 4;
      this.tip.style.transform = `translate(${Math.max(0, Math.min(left, room))}px, ${top}px)`;
    }
  }

  class Panel {
    constructor(chart, data, index) {
      this.chart = chart;
      this.data = data;
      this.index = index;
      const div = html(chart.box, "div", { class: "panel" });
      this.svg = make(div, "svg", {
        tabindex: 0, role: "group", "aria-roledescription": "chart",
        "aria-label": `${chart.data.title}. ${data.title}. Arrow keys read values, Escape ends.`,
      });
      this.svg.addEventListener("pointermove", (e) => this.point(e));
      this.svg.addEventListener("pointerdown", (e) => this.point(e));
      this.svg.addEventListener("pointerleave", (e) => e.pointerType === "mouse" && chart.read(-1, 0));
      this.svg.addEventListener("keydown", (e) => this.key(e));
      this.svg.addEventListener("blur", () => chart.read(-1, 0));
    }

    // draw draws everything but the cursor, at one unit a pixel.
    draw() {
      const c = this.chart.data;
      this.w = Math.max(240, this.svg.parentElement.clientWidth);
      this.h = Math.round(Math.min(380, Math.max(270, this.w * 0.62)));
      this.top = this.data.title ? 26 : 10;
      const left = 58, right = this.w - 14, bottom = this.h - 44;
      this.x = scale(c.x, left, right);
      this.y = scale(c.y, bottom, this.top);
      this.svg.replaceChildren();
      this.svg.setAttribute("viewBox", `0 0 ${this.w} ${this.h}`);
      if (this.data.title) this.title(left, right);
      this.axes(left, right, bottom);
      for (const l of this.data.lines || []) {
        const at = l.vertical ? { x1: this.x(l.at), x2: this.x(l.at), y1: this.top, y2: bottom } : { y1: this.y(l.at), y2: this.y(l.at), x1: left, x2: right };
        make(this.svg, "line", { class: "reference", ...at });
      }
      for (const s of this.shown()) this.series(s);
      this.overlay = make(this.svg, "g", { "aria-hidden": "true" });
      this.bottom = bottom;
    }

    // title stands above the middle of the axes, where it is too long above that of the
    // panel, and is written smaller where it would not fit even there.
    title(left, right) {
      const t = make(this.svg, "text", { class: "head", x: (left + right) / 2, y: 16, "text-anchor": "middle" }, this.data.title);
      const length = t.getComputedTextLength ? t.getComputedTextLength() : 0;
      if (length / 2 > this.w - (left + right) / 2) t.setAttribute("x", this.w / 2);
      if (length > this.w - 4) {
        t.setAttribute("textLength", this.w - 4);
        t.setAttribute("lengthAdjust", "spacingAndGlyphs");
      }
    }

    axes(left, right, bottom) {
      const c = this.chart.data;
      let end = -Infinity;
      for (const t of c.x.ticks) {
        const x = this.x(t.at), major = t.text !== "";
        if (major) make(this.svg, "line", { class: "grid", x1: x, x2: x, y1: this.top, y2: bottom });
        make(this.svg, "line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + (major ? 5 : 3) });
        const half = 4 * t.text.length;
        if (!major || x - half < end + 6) continue; // labels do not touch on narrow screens
        end = x + half;
        label(this.svg, { x: Math.min(x, this.w - half), y: bottom + 19, "text-anchor": "middle" }, t.text);
      }
      for (const t of c.y.ticks) {
        if (t.text === "") continue;
        const y = this.y(t.at);
        make(this.svg, "line", { class: "grid", x1: left, x2: right, y1: y, y2: y });
        label(this.svg, { x: left - 7, y: y + 4, "text-anchor": "end" }, t.text);
      }
      make(this.svg, "line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom });
      make(this.svg, "text", { x: (left + right) / 2, y: this.h - 6, "text-anchor": "middle" }, c.x.label);
      make(this.svg, "text", { transform: `translate(13 ${(this.top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, c.y.label);
    }

    shown() {
      return this.data.series.filter((s) => !this.chart.hidden.has(s.name) && s.points.length);
    }

    series(s) {
      const g = make(this.svg, "g", { class: "series", "data-name": s.name });
      const px = (q) => this.x(q.x) + SHIFT * s.shift;
      const path = (points, y) => points.map((q, i) => `${i ? "L" : "M"}${px(q).toFixed(2)} ${this.y(q[y]).toFixed(2)}`).join("");
      const several = s.points.filter((q) => q.n > 1);
      if (s.spread === "band" && several.length > 1) {
        const back = path([...several].reverse(), "low").replace("M", "L");
        make(g, "path", { class: "band", d: path(several, "high") + back + "Z", fill: color(s), "fill-opacity": 0.2 });
      }
      if (s.spread === "bars") {
        for (const q of several) {
          const x = px(q), a = this.y(q.low), b = this.y(q.high);
          make(g, "path", { d: `M${x} ${a}V${b}M${x - 4} ${a}h8M${x - 4} ${b}h8`, stroke: color(s), "stroke-width": 1.4 });
        }
      }
      if (s.dash) make(g, "path", { class: "curve", d: path(s.points, "y"), fill: "none", stroke: color(s), "stroke-width": 2.2, "stroke-linejoin": "round", "stroke-dasharray": DASH[s.dash] || "none" });
      if (s.mark) for (const q of s.points) mark(g, s, px(q), this.y(q.y));
    }

    // cursor draws the line and the points that are being read.
    cursor() {
      this.overlay.replaceChildren();
      if (this.chart.at < 0) return;
      const v = this.chart.xs[this.chart.at], x = this.x(v);
      make(this.overlay, "line", { class: "cursor", x1: x, x2: x, y1: this.top, y2: this.bottom });
      for (const s of this.shown())
        for (const q of s.points)
          if (q.x === v) make(this.overlay, "circle", { cx: x + SHIFT * s.shift, cy: this.y(q.y), r: 6, fill: "none", stroke: color(s), "stroke-width": 2 });
    }

    // values returns what each series shows at x.
    values(x) {
      const { digits, unit } = this.chart.data.y;
      const number = (v) => (Math.abs(v) >= 1e6 ? v.toExponential(2) : v.toFixed(digits));
      return this.shown().flatMap((s) => {
        const here = s.points.filter((q) => q.x === x);
        if (!here.length) return [];
        const texts = here.map((q) => number(q.y) + (q.n > 1 ? ` ± ${number(q.high - q.y)}` : ""));
        const n = here[0].n > 1 ? ` (n = ${here[0].n})` : "";
        return [{ s, text: texts.join(", ") + unit + n }];
      });
    }

    // point reads the values nearest to the pointer, by x.
    point(e) {
      const box = this.svg.getBoundingClientRect();
      const x = ((e.clientX - box.left) * this.w) / box.width;
      let best = -1;
      this.chart.xs.forEach((v, i) => {
        if (best < 0 || Math.abs(this.x(v) - x) < Math.abs(this.x(this.chart.xs[best]) - x)) best = i;
      });
      this.chart.read(best, this.index);
    }

    key(e) {
      const { xs, at } = this.chart, last = xs.length - 1;
      const to = {
        ArrowRight: Math.min(at + 1, last), ArrowUp: Math.min(at + 1, last), Home: Math.min(0, last), End: last,
        ArrowLeft: at < 0 ? last : Math.max(at - 1, 0), ArrowDown: at < 0 ? last : Math.max(at - 1, 0), Escape: -1,
      }[e.key];
      if (to === undefined) return;
      e.preventDefault();
      this.chart.read(to, this.index);
    }
  }

  const charts = JSON.parse(document.getElementById("charts").textContent);
  for (const figure of document.querySelectorAll("[data-chart]")) new Chart(figure, charts[figure.dataset.chart]);
})();
