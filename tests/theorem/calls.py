"""Every call that a shopper, a session or a guest can make, and what its reply may depend on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.theorem.cells import GOOD, KINDS, PURPOSES, SOURCES
from tests.theorem.pairs import Relation
from tests.theorem.shop_folder import SKUS

LANGUAGES = (None, "de", "en", "en;q=0.5, de", "fr", "*", "xx-y")


@dataclass(frozen=True)
class Request:
    """One request, as it goes over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Keys:
    """What opens what: tokens by whose they are, and the ids of sessions by the names of their tokens."""

    tokens: Mapping[str, str]
    sessions: Mapping[str, str]


@dataclass(frozen=True)
class Call:
    """A call: its route, who makes it, and what its reply and its writes may depend on.

    `besides`: tables whose rows may depend on what stands there, so that writes to them are not compared.
    """

    name: str
    rule: str
    method: str
    relation: Relation
    token: str | None
    body: Callable[[Random], object] | None = None
    besides: frozenset[str] = frozenset()
    values: Mapping[str, tuple[str, ...]] | None = None

    @property
    def route(self) -> str:
        """The rule as the application knows it."""
        return ANSWER if self.rule.startswith("/v1/sessions/<id>/answers/") else self.rule

    def request(self, rng: Random, keys: Keys) -> Request:
        """One such request."""
        headers = {"Accept-Language": rng.choice(LANGUAGES)} if rng.random() < 0.3 else {}
        headers = {name: text for name, text in headers.items() if text}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {keys.tokens[self.token]}"
        if self.rule.startswith(("/v1/me", "/v1/interactions")) and self.method != "GET" and rng.random() < 0.5:
            headers["Idempotency-Key"] = rng.choice(["once", "a", "b", ""])
        if rng.random() < 0.1:
            headers["Sec-GPC"] = rng.choice(["1", "1, 1", "0"])
        path = self.rule.replace("<ref:", "<")
        for name, choices in (self.values or {}).items():
            path = path.replace(f"<{name}>", rng.choice(choices))
        for name, session in keys.sessions.items():
            path = path.replace(name, session)
        path = path.replace("<id>", keys.sessions.get(self.token or "", "nothing"))
        if self.body is None:
            return Request(self.method, path, headers)
        return Request(self.method, path, headers | {"Content-Type": "application/json"}, _written(rng, self.body(rng)))


def _written(rng: Random, body: object) -> bytes:
    raw = json.dumps(body).encode()
    return raw[: rng.randrange(len(raw))] if rng.random() < 0.03 else raw


def an_answer(rng: Random, question: str) -> object:
    good = {
        "budget": [{"to": 1000}, {"from": 1000}, {"from": 950, "to": 1400}, {"to": 1}],
        "height": [155, 170, 178, 200, None],
        "seat": ["upright", "sporty", None],
        "basket": ["yes", "no", None],
    }
    odd = ["not_sure", "nothing", 7, [], {}, True, "178", 119, 1e300]
    return rng.choice(odd if rng.random() < 0.1 else good.get(question, odd))


def answers(rng: Random) -> dict[str, object]:
    questions = [name for name in ("budget", "height", "seat", "basket") if rng.random() < 0.35]
    return {name: an_answer(rng, name) for name in [*questions, *(["shoe_size"] if rng.random() < 0.03 else [])]}


def advice(rng: Random) -> object:
    found = {"questionnaire": "bike", "answers": answers(rng)}
    if rng.random() < 0.5:
        found["locale"] = rng.choice(["de", "en", "de-AT", "xx"])
    if rng.random() < 0.05:
        found |= rng.choice([{"questionnaire": "boat"}, {"extra": 1}, {"answers": []}, {"locale": "?"}])
    return found


def a_basket(rng: Random) -> object:
    found = {"basket": rng.sample(SKUS, rng.randrange(4)), "limit": rng.choice([1, 3, 5, 10])}
    found["occasion"] = rng.choice(["product", "basket", "after_purchase"])
    if rng.random() < 0.1:
        found |= rng.choice([{"basket": ["nothing"]}, {"basket": 3}, {"limit": 0}, {"occasion": "x"}, {"locale": "en"}])
    return found


def a_session(rng: Random) -> object:
    return rng.choice(
        [
            {"questionnaire": "bike"},
            {"questionnaire": "bike", "locale": "en", "channel": "app"},
            {"questionnaire": "boat"},
            {"questionnaire": "bike", "channel": "ÄÖ"},
        ]
    )


def decisions(rng: Random) -> object:
    """Mostly what can be decided; sometimes bundles, wildcards and other things that cannot."""
    notice = {"id": "profile", "version": rng.choice("2221"), "language": rng.choice(["de", "en"])}
    return {"notice": notice, "decisions": [_decision(rng) for _ in range(rng.randrange(1, 4))]}


def _decision(rng: Random) -> dict[str, object]:
    found: dict[str, object] = {
        "attribute": rng.choice([*SOURCES, "orders"] * 4 + ["*", "shoe_size"]),
        "purpose": rng.choice([*PURPOSES[:2]] * 6 + [*PURPOSES, "advice_session", "*"]),
        "given": rng.random() < 0.5,
    }
    if rng.random() < 0.3:
        found["source"] = rng.choice(["crm", "shopper", "shop", "broker"])
    return found


def a_delivery(rng: Random) -> object:
    return {"values": [_a_value(rng) for _ in range(rng.randrange(1, 4))]}


def _a_value(rng: Random) -> dict[str, object]:
    attribute = rng.choice(list(KINDS))
    return {
        "attribute": rng.choice([attribute] * 8 + ["shoe_size", "orders"]),
        "value": rng.choice(GOOD[attribute] * 3 + ["x", 7, True]),
        "source": rng.choice(["crm", "shopper", "shop"]),
        "source_ref": "contact 17",
        "collected_at": rng.choice(["2026-02-20T08:00:00Z", "2026-02-20T08:00:00Z", "2027-01-01T00:00:00Z"]),
    }


def somebody(rng: Random) -> object:
    return {"other": rng.choice(["customer-2"] * 8 + ["customer-1", "customer-9", ""])}


def an_outcome(rng: Random) -> object:
    return {"kind": rng.choice(["must_have", "popular", "x"]), "outcome": rng.choice(["clicked", "bought", "x"])}


def a_choice(rng: Random) -> object:
    return {"sku": rng.choice((*SKUS, "nothing"))}


def a_value_for(question: str) -> Callable[[Random], object]:
    return lambda rng: {"value": an_answer(rng, question)}


def worth_remembering(rng: Random) -> object:
    question = rng.choice(["height", "seat", "basket"] * 6 + ["budget", "shoe_size"])
    return {
        "questionnaire": rng.choice(["bike"] * 9 + ["boat"]),
        "question": question,
        "value": an_answer(rng, question),
    }


def a_deed(rng: Random) -> object:
    found = {"kind": rng.choice(["view", "basket", "purchase"]), "sku": rng.choice(SKUS)}
    return found | rng.choice([{}] * 9 + [{"sku": "nothing"}, {"kind": "x"}, {"extra": 1}])


def some_topics(rng: Random) -> object:
    return {"topics": rng.sample(["lamp", "tyre", "pregnancy", "health", *(["x"] if rng.random() < 0.1 else [])], 2)}


QUESTIONS = ("budget", "height", "seat", "basket", "shoe_size")
ANSWER = "/v1/sessions/<id>/answers/<question>"
SHOPPER = "/v1/shoppers/<ref:ref>"
TAKE_OVER = "/v1/handovers/<code>"

CALLS = (
    # --- what may depend on the values that the shopper released for the purpose, and on nothing else of them
    Call("advice", "/v1/advice", "POST", "advice_profile", "me", advice),
    Call("start_session", "/v1/sessions", "POST", "advice_profile", "me", a_session),
    Call("resume_session", "/v1/sessions/<id>", "GET", "advice_profile", "my_session"),
    Call(
        "answer_budget",
        ANSWER.replace("<question>", "budget"),
        "PUT",
        "advice_profile",
        "my_session",
        a_value_for("budget"),
    ),
    Call(
        "answer_height",
        ANSWER.replace("<question>", "height"),
        "PUT",
        "advice_profile",
        "my_session",
        a_value_for("height"),
    ),
    Call(
        "answer_seat", ANSWER.replace("<question>", "seat"), "PUT", "advice_profile", "my_session", a_value_for("seat")
    ),
    Call("take_back", ANSWER, "DELETE", "advice_profile", "my_session", values={"question": QUESTIONS}),
    Call("take_over", TAKE_OVER, "POST", "advice_profile", "me", values={"code": ("my_code", "guest_code", "wrong")}),
    Call("cross_sell", "/v1/cross-sell", "POST", "cross_sell", "me", a_basket),
    # --- what may depend on the shopper's grants, and never on a value
    Call("decide", "/v1/me/consent-events", "POST", "grants", "me", decisions),
    Call("list_consents", "/v1/me/consents", "GET", "grants", "me"),
    Call("withdraw_all", "/v1/me/consents", "DELETE", "grants", "me"),
    Call("remember", "/v1/me/remembered", "POST", "grants", "me", worth_remembering),
    Call("interact", "/v1/interactions", "POST", "grants", "me", a_deed),
    Call("session_interacts", "/v1/interactions", "POST", "grants", "my_session", a_deed),
    Call(
        "deliver",
        SHOPPER + "/attributes",
        "PUT",
        "grants",
        "shop",
        a_delivery,
        besides=frozenset({"profile_value"}),  # a newer value replaces an older one of its own place, no newer one
        values={"ref": ("customer-1",)},
    ),
    Call(
        "merge",
        SHOPPER + "/merge",
        "POST",
        "all_grants",
        "shop",
        somebody,
        besides=frozenset({"profile_value", "order_line", "interaction"}),  # what the two are known for
        values={"ref": ("customer-1",)},
    ),
    # --- what may depend on all that is stored about the shopper, and on nothing about others
    Call("my_topics", "/v1/me/blocked-topics", "GET", "grants", "me"),
    Call("block_topics", "/v1/me/blocked-topics", "PUT", "grants", "me", some_topics),
    Call("my_data", "/v1/me/data", "GET", "own", "me"),
    Call("my_export", "/v1/me/export", "GET", "own", "me"),
    Call("erase_me", "/v1/me", "DELETE", "own", "me"),
    # --- what may depend on nothing that is stored about anybody
    Call("guest_advice", "/v1/advice", "POST", "nothing", None, advice),
    Call("guest_session", "/v1/sessions", "POST", "nothing", None, a_session),
    Call("guest_resumes", "/v1/sessions/<id>", "GET", "nothing", "guest_session"),
    Call("guest_answers", ANSWER.replace("<question>", "seat"), "PUT", "nothing", "guest_session", a_value_for("seat")),
    Call("guest_takes_back", ANSWER, "DELETE", "nothing", "guest_session", values={"question": QUESTIONS}),
    Call("offer_handover", "/v1/sessions/<id>/handover", "POST", "nothing", "my_session"),
    Call("guest_takes_over", TAKE_OVER, "POST", "nothing", None, values={"code": ("my_code", "guest_code", "wrong")}),
    Call("they_take_over", TAKE_OVER, "POST", "nothing", "they", values={"code": ("my_code", "guest_code")}),
    Call("guest_cross_sell", "/v1/cross-sell", "POST", "nothing", None, a_basket),
    Call("guest_interacts", "/v1/interactions", "POST", "nothing", None, a_deed),
    Call("guest_session_interacts", "/v1/interactions", "POST", "nothing", "guest_session", a_deed),
    Call("outcome", "/v1/cross-sell/outcomes", "POST", "nothing", "me", an_outcome),
    Call(
        "choice", "/v1/questionnaires/<id>/choices", "POST", "nothing", "me", a_choice, values={"id": ("bike", "boat")}
    ),
    Call("questionnaires", "/v1/questionnaires", "GET", "nothing", "me"),
    Call("questionnaire", "/v1/questionnaires/<id>", "GET", "nothing", "me", values={"id": ("bike", "boat")}),
    Call("purposes", "/v1/purposes", "GET", "nothing", "me"),
    Call("attributes", "/v1/attributes", "GET", "nothing", "me"),
    Call("notices", "/v1/notices", "GET", "nothing", "me"),
    Call("notice", "/v1/notices/<id>/<version>", "GET", "nothing", "me", values={"id": ("profile",), "version": "123"}),
    Call(
        "token",
        SHOPPER + "/tokens",
        "POST",
        "nothing",
        "shop",
        values={"ref": ("customer-1", "customer-9")},
    ),
    # --- what a shopper's token, or a session's, does not open
    Call(
        "shopper_delivers",
        SHOPPER + "/attributes",
        "PUT",
        "nothing",
        "me",
        a_delivery,
        values={"ref": ("customer-1",)},
    ),
    Call(
        "shopper_merges",
        SHOPPER + "/merge",
        "POST",
        "nothing",
        "me",
        somebody,
        values={"ref": ("customer-1",)},
    ),
    Call("shopper_asks_token", SHOPPER + "/tokens", "POST", "nothing", "me", values={"ref": ("customer-1",)}),
    Call("foreign_session", "/v1/sessions/<id>", "GET", "nothing", "my_session", values={"id": ("their_session",)}),
    Call("expired_token", "/v1/advice", "POST", "nothing", "expired", advice),
    Call("session_as_shopper", "/v1/me/consents", "GET", "nothing", "my_session"),
)
