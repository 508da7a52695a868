"""The page checker finds each fault it promises to find, and nothing in a good page."""

import pytest

from tests.project.page_checks import problems

HEADERS = {"Content-Security-Policy": "default-src 'none'; script-src 'self' 'nonce-abc'"}

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><title>Complaints</title><script src="/a.js" nonce="abc" defer></script></head>
<body><a href="#content">Skip</a>
<nav aria-label="Main"><a href="/"><svg aria-hidden="true"><path d="M0"/></svg>Home</a></nav>
<main id="content"><h1>Complaints</h1>
<div class="error-summary" role="alert"><h2>There is a problem</h2>
<ul><li><a href="#day">Enter the day</a></li></ul></div>
<form method="post" action="/save"><input type="hidden" name="csrf_token" value="t">
<label for="day">Day</label><p class="field-error" id="day-error">Enter the day</p>
<input id="day" name="day" aria-invalid="true" aria-describedby="day-error">
<fieldset><legend>Grade</legend><input type="radio" name="g" id="g0"><label for="g0">A</label>
<input type="radio" name="g" id="g1"><label for="g1">B</label></fieldset>
<button type="submit">Save</button></form>
<table><caption>All</caption><thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>
</main></body></html>"""

PLANTED = {
    "no <!doctype html>": ("<!doctype html>", ""),
    "a thing of Python's: &lt;built-in method update of dict object at 0x7fc2141ff180&gt;": (
        "<td>x</td>",
        "<td>&lt;built-in method update of dict object at 0x7fc2141ff180&gt;</td>",
    ),
    "no lang": (' lang="en"', ""),
    "no dir": (' dir="ltr"', ""),
    "no title": ("<title>Complaints</title>", "<title> · </title>"),
    "0 main instead of one": ("main", "div"),
    "2 h1 instead of one": ("<h2>There is a problem</h2>", "<h1>There is a problem</h1>"),
    "0 h1 instead of one": ("<h1>Complaints</h1>", "<p>Complaints</p>"),
    "h3 'There is a problem' comes right after an h1": ("h2>", "h3>"),
    "an empty h1": ("<h1>Complaints</h1>", "<h1></h1>"),
    "id 'day' stands 2 times": ('id="g0"', 'id="day"'),
    "has a space in it": ('id="g0"', 'id="g 0"'),
    "<label for='day'> points at nothing": ('input id="day"', "input"),
    "aria-describedby='day-error'> points at nothing": (' id="day-error"', ""),
    "link to #content points at nothing": (' id="content"', ""),
    "name='day'> has no label": ('<label for="day">Day</label>', ""),
    "the choices 'g' have no fieldset": ("<legend>Grade</legend>", ""),
    "<button ['x']> has no name": ('<button type="submit">Save', '<button type="submit" class="x">'),
    "has no alt": ("<h2>", '<img src="/a.png"><h2>'),
    "neither hidden from screen readers nor named": ('<svg aria-hidden="true">', "<svg>"),
    "a <nav> has no name": (' aria-label="Main"', ""),
    "a table has no caption": ("<caption>All</caption>", ""),
    "a table has no headings": ('<th scope="col">Name</th>', "<td>Name</td>"),
    "'Name' has no scope": (' scope="col"', ""),
    "an empty table heading": ('scope="col">Name', 'scope="col">'),
    "the form to /save has no CSRF token": ('<input type="hidden" name="csrf_token" value="t">', ""),
    "puts its CSRF token into the address": ('method="post"', 'method="get"'),
    "has a file field, but is not multipart": ('id="day" name="day"', 'type="file" id="day" name="day"'),
    "the form to /save has no button": ('<button type="submit">Save</button>', ""),
    "there is no error summary": ("error-summary", "other"),
    "not an alert with a list": (' role="alert"', ""),
    "inline style on <h1>": ("<h1>", '<h1 style="color:red">'),
    "an inline <style>": ("</head>", "<style>p{}</style></head>"),
    "inline onclick on <button>": ("<button", '<button onclick="x()"'),
    "javascript: address on <a>": ('href="/"', 'href=" javascript:x()"'),
    "fetched from elsewhere": ('src="/a.js"', 'src="//cdn.example/a.js"'),
    "an inline <script>": (' src="/a.js"', ""),
    "does not carry the nonce": ('nonce="abc"', 'nonce="other"'),
    "<form> inside <form>": ("<fieldset>", '<form method="post"><button>x</button></form><fieldset>'),
    "<div> inside <p>": ("Enter the day</p>", "<div>Enter the day</div></p>"),
    "<button> inside a link": ("Home</a>", "<button>Home</button></a>"),
    "</fieldset> closes nothing": ("<fieldset>", "<fieldset><div>"),
    "never closed: html": ("</html>", ""),
    "<h1> has class 2 times": ("<h1>", '<h1 class="a" class="b">'),
}


def test_a_good_page_has_no_problems():
    assert problems(GOOD, HEADERS) == []


@pytest.mark.parametrize("expected", PLANTED)
def test_each_planted_fault_is_found(expected: str):
    before, after = PLANTED[expected]
    planted = GOOD.replace(before, after)
    assert planted != GOOD, "the fault was not planted"
    assert any(expected in problem for problem in problems(planted, HEADERS)), problems(planted, HEADERS)


@pytest.mark.parametrize("policy", ["", "script-src 'self' 'unsafe-inline' 'nonce-abc'"])
def test_a_weak_security_policy_is_found(policy: str):
    assert problems(GOOD, {"Content-Security-Policy": policy})
