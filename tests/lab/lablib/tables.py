# SPDX-License-Identifier: ISC
"""The records of a run as tables for people (docs/measurements.md)."""
import re
import statistics

PLACES = {"uml": "user-mode-linux 6.1", "6.1-cloud": "6.1 cloud, TCG",
          "5.10-cloud": "5.10 cloud, TCG"}


def milliseconds(values):
    if not values:
        return None
    middle = statistics.median(values)
    return f"{middle:,.0f} ms" if middle >= 10 else f"{middle:.1f} ms"


def peers(scenarios, records):
    """
    A row a program: time to ready and CPU time in each guest, what the kernel was
    given there. records: as lab writes them; the first boot of each is measured,
    the second is counted.
    """
    rows, kernels = {}, []
    for seen in records:
        name, kernel = seen["scenario"].split("@")
        what = scenarios.get(name)
        if what is None or what["scenario"]["table"] != "peers":
            continue
        if kernel not in kernels:
            kernels.append(kernel)
        cell = rows.setdefault(name, {}).setdefault(
            kernel, {"ready": [], "cpu": [], "late": [], "fed": None})
        if seen["boot"] == 1:
            if seen.get("ready") == "yes":
                cell["ready"].append(float(seen["ready_ms"]))
            else:
                cell["late"].append(int(what["scenario"]["bound_ms"]))
            if "cpu_us" in seen:
                cell["cpu"].append(int(seen["cpu_us"]) / 1000)
        elif "fed_bits" in seen:
            cell["fed"] = (seen["fed_bits"], seen["fed_bytes"])
    return render(scenarios, rows, kernels)


def cell_text(cell):
    if cell is None:
        return "-"
    ready = milliseconds(cell["ready"])
    if ready is None:
        return f"not ready after {max(cell['late']) / 1000:.0f} s"
    if cell["late"]:
        ready += f" ({len(cell['late'])} of " \
                 f"{len(cell['late']) + len(cell['ready'])} never)"
    cpu = milliseconds(cell["cpu"])
    return f"{ready}, CPU {cpu}" if cpu else ready


def fed_text(cells):
    for kernel in cells:
        fed = cells[kernel]["fed"]
        if fed:
            return f"{fed[0]} bits for {fed[1]} bytes"
    return "nothing"


def render(scenarios, rows, kernels):
    lines = ["| first program | " + " | ".join(
        PLACES.get(k, k) for k in kernels) + " | credited | on what basis |",
        "| --- |" + " --- |" * (len(kernels) + 2)]
    for name, cells in rows.items():
        what = scenarios[name]["scenario"]
        lines.append(f"| {what['row']} | " + " | ".join(
            cell_text(cells.get(k)) for k in kernels)
            + f" | {fed_text(cells)} | {what['basis']} |")
    return "\n".join(lines) + "\n"


def put(path, name, table):
    """Between <!-- lab: NAME --> and <!-- end --> of a document."""
    text = path.read_text(encoding="utf-8")
    found = re.compile(rf"(<!-- lab: {name} -->\n).*?(<!-- end -->)", re.S)
    if not found.search(text):
        raise OSError(f"{path}: no place '<!-- lab: {name} -->' in it")
    path.write_text(found.sub(lambda m: m.group(1) + table + m.group(2), text),
                    encoding="utf-8")
