"""What every HTML page must be, whoever made it."""

from collections import Counter
from collections.abc import Mapping

from bs4 import BeautifulSoup


def problems(html: str, headers: Mapping[str, str]) -> list[str]:
    """Everything wrong with a page, in words; empty for a good one."""
    soup = BeautifulSoup(html, "html.parser")
    found = []
    if len(soup.find_all("h1")) != 1:
        found.append(f"{len(soup.find_all('h1'))} h1 instead of one")
    if not (soup.title and soup.title.get_text(strip=True)):
        found.append("no title")
    counted = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    found += [f"id {name!r} stands {count} times" for name, count in counted.items() if count > 1]
    return found
