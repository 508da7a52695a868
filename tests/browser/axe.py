"""axe over many pages of one appearance: everything on each page, but the contrast of a look only once.

Contrast takes more than half of what axe costs, and what it depends on is the same for most elements of most pages:
the colours of the letters and of what lies behind them, their size and weight. test_axe.py checks that nothing is lost.
"""

from typing import Any

OPTIONS = {
    "resultTypes": ["violations"],
    "reporter": "no-passes",
    "rules": {"target-size": {"enabled": True}},
}

# What axe finds bad, or cannot judge, leaves no trace: its like is judged again, there and on later pages
RUN = """async ([options, before]) => {
  const good = new Set(before), added = [], behind = new Map();
  const layers = (element) => {
    if (!element) { return ""; }
    if (!behind.has(element)) {
      const s = getComputedStyle(element);
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, s.position, s.zIndex,
                   s.transform, s.float, s.overflow].join(";");
      behind.set(element, layers(element.parentElement) + (own === CLEAR ? "" : "|" + own));
    }
    return behind.get(element);
  };
  const CLEAR = "rgba(0, 0, 0, 0);none;1;none;normal;static;auto;none;none;visible";
  const look = (element) => {
    const s = getComputedStyle(element);
    return [s.color, s.fontSize, s.fontWeight, s.textShadow, s.webkitTextStroke, layers(element)].join("/");
  };
  const rule = axe._audit.rules.find((one) => one.id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const matches = rule.matches, evaluate = check.evaluate;
  rule.matches = function (node, ...more) {
    return !good.has(look(node)) && matches.call(this, node, ...more);
  };
  check.evaluate = function (node, ...more) {
    const its = look(node);
    if (good.has(its)) { this.data({}); return true; }
    const result = evaluate.call(this, node, ...more);
    if (result === true) { good.add(its); added.push(its); }
    return result;
  };
  try {
    return [(await axe.run(document, options)).violations, added];
  } finally {
    rule.matches = matches;
    check.evaluate = evaluate;
  }
}"""


class Axe:
    """axe for the pages of one test."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.good: set[str] = set()
        """The looks whose contrast was found good."""

    def violations(self, page: Any) -> list[Any]:
        """What axe finds on the page, as axe tells it. A context that loads `script` with each page saves time."""
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(self.script)
        found, good = page.evaluate(RUN, [OPTIONS, sorted(self.good)])
        self.good.update(good)
        return list(found)
