#!/usr/bin/env python3
"""Draws what timing.sh has measured, and prints the medians. Uses only Python's standard library.

  scripts/timing_figure.py timing.csv timing.svg "what stands below the title"

Both axes double from tick to tick, so that linear scaling is the straight dashed line.
"""
import csv
import html
import math
import statistics
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 480, 70, 190, 70, 60
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
MARKS = ["circle", "square", "diamond"]


def read(path):
    """{(threads, workers): images a second of each round}"""
    rates = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            key = int(row["threads"]), int(row["workers"])
            rates.setdefault(key, []).append(float(row["images_per_second"]))
    return rates


def doublings(low, high):
    """The powers of two from low up to at least high."""
    first = math.floor(math.log2(low))
    return [2.0 ** e for e in range(first, max(math.ceil(math.log2(high)), first + 1) + 1)]


def mark(kind, x, y, color):
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}"/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if kind == "diamond" else ""
    return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{color}"{turn}/>'


def text(x, y, words, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(words)}</text>'


def draw(rates, subtitle):
    """The figure as SVG: median speed-up over one worker of one thread, whiskers from the slowest to the fastest round."""
    base = statistics.median(rates[1, 1])
    cores = doublings(1, max(t * w for t, w in rates))
    # A round that is 3 % slower than the median of one core needs no octave of its own.
    speed = doublings(1.03 * min(min(r) for r in rates.values()) / base, max(cores))

    def place(value, ticks, start, length):
        return start + length * math.log2(value / ticks[0]) / math.log2(ticks[-1] / ticks[0])

    def at_x(value):
        return place(value, cores, LEFT, WIDTH - LEFT - RIGHT)

    def at_y(value):
        return place(value, speed, HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             text(LEFT, 28, "Speed of a sweep against the cores it uses", 'font-size="16"'), text(LEFT, 48, subtitle, 'fill="#555"')]
    for c in cores:
        parts.append(f'<path d="M{at_x(c):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>')
        parts.append(text(at_x(c), HEIGHT - BOTTOM + 24, f"{c:g}", 'text-anchor="middle"'))
    for s in speed:
        parts.append(f'<path d="M{LEFT} {at_y(s):.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>')
        parts.append(text(LEFT - 8, at_y(s) + 4, f"{s:g}", 'text-anchor="end"'))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "cores: workers × threads a worker", 'text-anchor="middle"'))
    parts.append(text(20, middle, f"images/s, against 1 core ({base:.0f})", f'text-anchor="middle" transform="rotate(-90 20 {middle})"'))
    parts.append(f'<path d="M{at_x(1):.1f} {at_y(1):.1f}L{at_x(cores[-1]):.1f} {at_y(cores[-1]):.1f}" stroke="#999" stroke-dasharray="5 4"/>')
    counts = sorted({t for t, _ in rates})
    y = TOP + 8 + 20 * len(counts)
    parts.append(f'<path d="M{WIDTH - RIGHT + 10} {y}h20" stroke="#999" stroke-dasharray="5 4"/>')
    parts.append(text(WIDTH - RIGHT + 36, y + 4, "linear"))
    for i, threads in enumerate(counts):
        color, kind = COLORS[i % len(COLORS)], MARKS[i % len(MARKS)]
        points = []
        for t, workers in sorted(rates):
            if t == threads:
                all_rounds = [r / base for r in rates[t, workers]]
                x, y = at_x(t * workers), at_y(statistics.median(all_rounds))
                parts.append(f'<path d="M{x:.1f} {at_y(min(all_rounds)):.1f}V{at_y(max(all_rounds)):.1f}" stroke="{color}"/>')
                parts.append(mark(kind, x, y, color))
                points.append(f"{x:.1f},{y:.1f}")
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        parts.append(mark(kind, WIDTH - RIGHT + 20, TOP + 8 + 20 * i, color))
        parts.append(text(WIDTH - RIGHT + 36, TOP + 12 + 20 * i, f"{threads} thread{'s' * (threads > 1)} a worker"))
    return "\n".join(parts + ["</svg>", ""])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    rates = read(sys.argv[1])
    with open(sys.argv[2], "w") as file:
        file.write(draw(rates, sys.argv[3]))
    base = statistics.median(rates[1, 1])
    print("workers  threads  cores  images/s  against 1 core  of linear")
    for (threads, workers), rounds in sorted(rates.items()):
        rate, cores = statistics.median(rounds), threads * workers
        print(f"{workers:7d}  {threads:7d}  {cores:5d}  {rate:8.0f}  {rate / base:14.2f}  {100 * rate / base / cores:7.0f} %")


if __name__ == "__main__":
    main()
