"""Charts as SVG and PNG: what they say, mirrored, whatever stands in their labels; no inline style, nothing runs."""

import json
import struct
from xml.etree import ElementTree

import pytest

from auditkit.base.charts import (
    ENGLISH,
    Bar,
    Bars,
    Bin,
    Curve,
    Curves,
    Heatmap,
    HeatRow,
    Histogram,
    Intervals,
    Manner,
    Mark,
    Pareto,
    Point,
    Ranged,
    RunChart,
    Step,
    drawn,
    sparkline,
)
from auditkit.base.charts import picture as pictures
from auditkit.base.charts.drawing import ticks
from auditkit.base.charts.pen import fitted, wide

SVG = "{http://www.w3.org/2000/svg}"
FARSI = Manner("fa")


def every_shape(label="Delivery"):
    bars = [Bar(label, (5.0,)), Bar("Other", (3.0,))]
    common = {"title": label, "measure": label, "says": label}
    return [
        RunChart(name="run", centre=3, centre_is=label, points=[Point(label, 5, mark=label, upper=9, lower=0),
                                                                Point("b", None), Point("c", 2)], **common),
        Bars(name="bars", of=label, bars=bars, **common),
        Bars(name="stood", of=label, upright=True, bars=bars, **common),
        Bars(name="parts", of=label, series=(label, "b"), bars=[Bar(label, (40.0, 2.0))], **common),
        Pareto(name="pareto", of=label, bars=bars, **common),
        Histogram(name="spread", along=label, bins=[Bin(0, 5, 3), Bin(5, 10, 1)], marks=(Mark(4, label),), **common),
        Curves(name="open", along=label, ends=30, share=True, marks=(Mark(4, label),),
               curves=[Curve(label, [Step(0, 1, 1, 1), Step(4, 0.5, 0.3, 0.7)]), Curve("b", [Step(0, 1)])], **common),
        Intervals(name="means", of=label, low=1, high=5,
                  groups=[Ranged(label, 4.2, 3.9, 4.4), Ranged("b", None, few=label)], **common),
        Heatmap(name="heat", of=label, columns=(label, "b"), rows=[HeatRow(label, (5, None))], **common),
    ]  # fmt: skip


def parsed(chart, manner=ENGLISH):
    return ElementTree.fromstring(str(drawn(chart, manner)))


def texts(root):
    return ["".join(one.itertext()) for one in root.iter(SVG + "text")]


def nasty(shared):
    found = json.loads(shared("bad_inputs/strings/blns.json").read_text(encoding="utf-8"))
    for name in ("fuzzdb_xss-rsnake", "fuzzdb_right-to-left", "fuzzdb_naughty-unicode", "fuzzdb_terminal-escape-codes",
                 "fuzzdb_NullByteRepresentations", "patt_ssti.fuzz"):  # fmt: skip
        found += shared(f"bad_inputs/strings/{name}.txt").read_bytes().decode("utf-8", "surrogateescape").splitlines()
    return [*found, "\ud800", "\x00", "]]>", "&amp;", "\u2067\u202e"]


def test_whatever_stands_in_a_label_the_picture_is_sound_and_nothing_in_it_runs(shared):
    allowed = {"svg", "title", "desc", "path", "rect", "circle", "text", "tspan"}
    for number, text in enumerate(nasty(shared)):
        root = parsed(every_shape(text)[number % 8], (ENGLISH, FARSI)[number // 8 % 2])
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= allowed, text
        for one in root.iter():
            assert not any(name == "style" or name.startswith("on") or "href" in name for name in one.attrib), text


def test_a_nasty_label_leaves_as_a_picture_too(shared):
    for text in nasty(shared)[::40]:
        assert pictures.png(every_shape(text)[1], ENGLISH, zoom=0.5).startswith(b"\x89PNG")


def test_a_picture_is_named_and_says_what_it_shows():
    root = parsed(every_shape()[0])
    ids = {one.get("id"): one.text for one in root if one.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in root.get("aria-labelledby").split()] == ["Delivery", "Delivery"]


def test_in_persian_the_picture_is_mirrored_and_has_persian_numbers():
    chart = Bars(name="b", title="t", measure="m", of="of", bars=[Bar("a", (1234.0,))])
    straight, mirrored = parsed(chart), parsed(chart, FARSI)
    boxes = [next(root.iter(SVG + "rect")) for root in (straight, mirrored)]
    assert float(boxes[0].get("x")) + float(boxes[1].get("x")) + float(boxes[0].get("width")) == pytest.approx(
        640, abs=0.3
    )
    assert "1,234" in texts(straight)
    assert any("۱٬۲۳۴" in one for one in texts(mirrored))
    anchors = [[one.get("text-anchor") for one in root.iter(SVG + "text")] for root in (straight, mirrored)]
    assert anchors == [["start", "end", "start"], ["end", "start", "end"]]


def test_a_point_that_was_noticed_has_another_shape_and_its_reason_is_in_the_table():
    chart = RunChart(name="r", title="t", measure="m", points=[Point("w1", 3), Point("w2", 30, mark="beyond")])
    looks = [one.get("class") for one in parsed(chart).iter() if one.get("class", "").startswith("chart-")]
    assert looks.count("chart-noticed") == 2  # the point, and the word for it under the picture
    assert [row.cells for row in chart.table().rows] == [("w1", 3, ""), ("w2", 30, "beyond")]


def test_a_gap_breaks_the_line():
    chart = RunChart(name="r", title="t", measure="m", points=[Point("a", 1), Point("b", 2), Point("c", None),
                                                               Point("d", 2), Point("e", 1)])  # fmt: skip
    assert sum(one.get("class") == "chart-line-0" for one in parsed(chart).iter()) == 2


def test_a_pareto_sorts_and_sums_up():
    chart = Pareto(name="p", title="t", measure="n", of="of", bars=[Bar("b", (3,)), Bar("a", (6,)), Bar("c", (1,))])
    assert [row.cells for row in chart.table().rows] == [("a", 6, 0.6, 0.6), ("b", 3, 0.3, 0.9), ("c", 1, 0.1, 1.0)]


def test_parts_of_bars_have_their_sum_in_the_table():
    chart = Bars(name="b", title="t", measure="n", of="of", series=("x", "y"), bars=[Bar("a", (2, 3), url="/a")])
    assert [(row.cells, row.url) for row in chart.table().rows] == [(("a", 2, 3, 5), "/a")]


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, 7, [0, 2, 4, 6, 8]), (0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
     (0, 123456, [0, 25000, 50000, 75000, 100000, 125000])],
)  # fmt: skip
def test_an_axis_has_round_numbers_that_reach_the_highest(low, high, found):
    assert ticks(low, high) == found


def test_nothing_at_all_is_still_a_picture():
    empty = [
        RunChart(name="r", title="t", measure="m", points=[]),
        Bars(name="b", title="t", measure="m", of="o", bars=[]),
        Pareto(name="p", title="t", measure="m", of="o", bars=[]),
        Histogram(name="h", title="t", measure="m", along="a", bins=[]),
        Curves(name="c", title="t", measure="m", along="a", ends=0, curves=[]),
        Heatmap(name="x", title="t", measure="m", of="o", columns=(), rows=[]),
    ]
    for chart in empty:
        assert parsed(chart) is not None
        assert chart.table().rows == ()
    assert "<svg" in sparkline([], "nothing", ENGLISH, "s")


def test_a_sparkline_shows_gaps_and_its_last_value():
    root = ElementTree.fromstring(str(sparkline([1, None, 3], "trend", ENGLISH, "s")))
    dot = next(root.iter(SVG + "circle"))
    assert (float(dot.get("cx")), float(dot.get("cy"))) == (114, 6)


def test_a_text_that_does_not_fit_says_so_by_an_ellipsis():
    assert fitted("Delivery", 200) == "Delivery"
    short = fitted("Delivery of goods to islands", 80)
    assert short.endswith("…")
    assert wide(short) <= 80


def test_the_png_is_white_under_the_chart_and_as_wide_as_asked():
    image = pictures.png(every_shape()[0], FARSI, zoom=2)
    assert struct.unpack(">II", image[16:24]) == (1280, 640)


def test_letters_without_a_font_are_told(monkeypatch):
    chart = Bars(name="b", title="t", measure="شکایت", of="o", bars=[])
    monkeypatch.setattr(pictures, "_has", lambda key: key != "arabic")
    assert pictures.fonts_missing(chart, ENGLISH) == ["Persian and Arabic"]
    assert "Install the Noto fonts" in pictures.missing_letters(chart, ENGLISH)
    monkeypatch.setattr(pictures, "_has", lambda key: True)
    assert pictures.missing_letters(chart, ENGLISH) == ""


def test_whether_a_font_has_letters_is_seen_from_the_picture(monkeypatch):
    painted = {"": b"blank", "αβγ": b"boxes", "ажы": b"letters"}
    monkeypatch.setattr(
        pictures, "_painted", lambda svg, _zoom: next((v for k, v in painted.items() if k and k in svg),
                                                      b"blank" if "></text>" in svg else b"boxes"))  # fmt: skip
    pictures._has.cache_clear()
    assert (pictures._has("greek"), pictures._has("cyrillic")) == (False, True)
    pictures._has.cache_clear()
