"""OSCAL profiles: which controls of a catalog hold, and with which parameters. Resolved into a catalog.

The catalogs lie beside the profile or are handed in; nothing is fetched. What a profile may say and is not followed
here (alterations of texts, a structure of its own) is refused with a reason: a baseline with other texts than its
authors meant would be worse than none. tests/slices/content/test_content_oscal.py holds it.
"""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.content.exchange.oscal.catalogs import every

MAX_CHAIN = 5

Fetch = Callable[[list[str]], tuple[str, Any]]
"""From the names of files that would do to the name and content of one that is at hand; raises BadInput."""


class ProfileRefused(BadInput):
    message = N_("This OSCAL profile cannot be used: %(reason)s")


def resolved(data: Mapping[str, Any], place: str, fetch: Fetch, depth: int = 1) -> dict[str, Any]:
    """The catalog that a profile makes of those it imports, as `{"catalog": …}`. Raises ProfileRefused."""
    profile = data["profile"]
    if not isinstance(profile, Mapping) or not profile.get("imports"):
        raise ProfileRefused(place=place, reason=_("it imports nothing"))
    if depth > MAX_CHAIN:
        raise ProfileRefused(place=place, reason=_("profiles import each other in a ring or too deeply"))
    modify = profile.get("modify") or {}
    if modify.get("alters"):
        raise ProfileRefused(place=place, reason=_("it alters texts of controls. Resolve it with an OSCAL tool first"))
    merge = profile.get("merge") or {}
    if "custom" in merge:
        raise ProfileRefused(place=place, reason=_("it regroups controls. Resolve it with an OSCAL tool first"))
    made: dict[str, Any] = {"groups": [], "controls": []}
    resources: list[Any] = []
    seen: set[str] = set()
    for one in profile["imports"]:
        catalog = _imported(one, profile, place, fetch, depth)
        chosen = _Chosen(one, catalog, place)
        kept = _kept(catalog, chosen, seen)
        made["groups"] += kept.get("groups", [])
        made["controls"] += kept.get("controls", [])
        made.setdefault("params", []).extend(catalog.get("params") or ())
        resources += (catalog.get("back-matter") or {}).get("resources") or ()
    _set(made, modify.get("set-parameters") or (), place)
    if merge.get("flat") is not None:
        made = {**made, "groups": [], "controls": list(_flat(made))}
    title = (profile.get("metadata") or {}).get("title") or place
    return {"catalog": {"metadata": {"title": title}, **made, "back-matter": {"resources": resources}}}


# --- imports -----------------------------------------------------------------------------------------------------


def _imported(one: Mapping[str, Any], profile: Mapping[str, Any], place: str, fetch: Fetch, depth: int) -> Any:
    href = str(one.get("href") or "")
    hrefs = [href]
    if href.startswith("#"):
        resources = (profile.get("back-matter") or {}).get("resources") or ()
        links = [link for found in resources if found.get("uuid") == href[1:] for link in found.get("rlinks") or ()]
        hrefs = [str(link.get("href")) for link in links if "json" in str(link.get("media-type", "json")).lower()]
        if not hrefs:
            reason = _("what it imports under %(href)s has no address of a JSON file", href=href)
            raise ProfileRefused(place=place, reason=reason)
    name, data = fetch(hrefs)
    if isinstance(data, Mapping) and "profile" in data:
        data = resolved(data, name, fetch, depth + 1)
    catalog = data.get("catalog") if isinstance(data, Mapping) else None
    if not isinstance(catalog, Mapping):
        raise ProfileRefused(place=place, reason=_("%(name)s is neither a catalog nor a profile", name=name))
    return catalog


# --- choosing ----------------------------------------------------------------------------------------------------


class _Chosen:
    """The ids of the controls that an import takes."""

    def __init__(self, one: Mapping[str, Any], catalog: Any, place: str) -> None:
        self.place = place
        self.below = {str(held["id"]): held for held in every(catalog, "controls") if "id" in held}
        included = one.get("include-controls")
        wanted = set(self.below) if included is None else set(self._named(included))
        self.ids = wanted - set(self._named(one.get("exclude-controls") or ()))

    def _named(self, selections: Any) -> Iterator[str]:
        for selection in selections:
            names = [str(name) for name in selection.get("with-ids") or ()]
            missing = [name for name in names if name not in self.below]
            if missing:
                reason = _("the catalog has no control %(ids)s", ids=", ".join(missing[:10]))
                raise ProfileRefused(place=self.place, reason=reason)
            patterns = [str(one.get("pattern", "")) for one in selection.get("matching") or ()]
            names += [name for name in self.below if any(fnmatchcase(name, pattern) for pattern in patterns)]
            yield from names
            if selection.get("with-child-controls") == "yes":
                for name in names:
                    yield from (str(child["id"]) for child in every(self.below[name], "controls") if "id" in child)


def _kept(holder: Mapping[str, Any], chosen: _Chosen, seen: set[str]) -> dict[str, Any]:
    """Groups with something in them and the chosen controls; a chosen control below one that is not moves up to it."""
    kept: dict[str, Any] = {"groups": [], "controls": []}
    for group in holder.get("groups") or ():
        inside = _kept(group, chosen, seen)
        if inside["groups"] or inside["controls"]:
            kept["groups"].append({**group, **inside})
    for control in holder.get("controls") or ():
        name = str(control.get("id"))
        taken = name in chosen.ids and name not in seen  # a second import of the same control adds nothing
        if taken:
            seen.add(name)
        below = _kept({"controls": control.get("controls")}, chosen, seen)["controls"]
        if taken:
            kept["controls"].append({**control, "controls": below})
        else:
            kept["controls"] += below
    return kept


def _flat(holder: Mapping[str, Any]) -> Iterator[Any]:
    for group in holder.get("groups") or ():
        yield from _flat(group)
    for control in holder.get("controls") or ():
        yield {**control, "controls": []}
        yield from _flat({"controls": control.get("controls")})


def _set(made: dict[str, Any], settings: Any, place: str) -> None:
    """Put the profile's values in place of the catalog's parameters."""
    new = {str(one.get("param-id")): one for one in settings}
    known = {str(one.get("id")) for one in every(made, "params")}
    missing = [name for name in new if name not in known]
    if missing:
        reason = _("no chosen control has the parameter %(ids)s", ids=", ".join(missing[:10]))
        raise ProfileRefused(place=place, reason=reason)
    _replace(made, new)


def _replace(holder: Any, new: Mapping[str, Any]) -> None:
    # Control by control as copies: the catalog that was handed in stays as it is.
    for key in ("groups", "controls"):
        for number, one in enumerate(holder.get(key) or ()):
            holder[key][number] = dict(one)
            _replace(holder[key][number], new)
    if holder.get("params"):
        holder["params"] = [_with(param, new.get(str(param.get("id")))) for param in holder["params"]]


def _with(param: Mapping[str, Any], setting: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if setting is None:
        return param
    return {**param, **{key: setting[key] for key in ("values", "label", "select") if key in setting}}
