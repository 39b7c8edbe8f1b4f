"""The demo storefront at /demo: a small shop that uses the components as a shop would. Only with BEGLEITER_DEMO=1."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, abort, request

from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.storefront_pages import Pages, facts, money, tiles, variants
from service.api.storefront_people import Customer, deliver_profile, read_customers, token_for
from service.api.storefront_pictures import picture_of
from service.api.storefront_texts import LANGUAGES
from service.catalogue.catalogue import Catalogue, UnknownSku
from service.catalogue.product import Product

ASSETS = {"shop.css": "text/css", "shop.js": "text/javascript"}
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LANGUAGE, BASKET, CUSTOMER = "demo_language", "demo_basket", "demo_customer"
MOST_IN_BASKET = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, in which language, with what in the basket; all of it from cookies."""

    language: str
    basket: tuple[str, ...]
    customer: Customer | None


class Storefront:
    """The shop's pages and its server's part: sign-in, token and the customer file."""

    def __init__(self, simulated: Path) -> None:
        self._simulated = simulated
        self._pages = Pages()

    def at(self, app: Flask) -> None:
        """Open the shop."""
        shown: dict[str, Callable[..., Response]] = {
            "/demo": self.products,
            "/demo/products/<sku>": self.product,
            "/demo/advice/<questionnaire>": self.advice,
            "/demo/basket": self.basket,
            "/demo/account": self.account,
            "/demo/token": self.token,
            "/demo/pictures/<sku>.svg": self.picture,
            "/demo/assets/<name>": self.asset,
        }
        done: dict[str, Callable[..., Response]] = {
            "/demo/basket": self.change_basket,
            "/demo/sign-in": self.sign_in,
            "/demo/sign-out": self.sign_out,
            "/demo/language": self.choose_language,
            "/demo/profile": self.profile,
        }
        for method, views in (("GET", shown), ("POST", done)):
            for address, view in views.items():
                app.add_url_rule(address, f"demo {method} {address}", view, methods=[method])

    def products(self) -> Response:
        """The list, of one category or of all."""
        catalogue, visit = _catalogue(), self._visit()
        wanted = request.args.get("category")
        order = list(catalogue.shop.categories)
        listed = [each for each in catalogue.products if wanted in (None, "", each.category)]
        listed.sort(key=lambda product: order.index(product.category))
        labels = {each.id: each.label.get(visit.language) for each in catalogue.shop.categories.values()}
        offered = tiles(listed, visit.language, catalogue.shop.currency)
        return self._page("products", visit, tiles=offered, categories=labels, category=wanted)

    def product(self, sku: str) -> Response:
        """One product."""
        catalogue, visit = _catalogue(), self._visit()
        found = _found(catalogue, sku)
        return self._page(
            "product",
            visit,
            sku=sku,
            heading=found.name.get(visit.language),
            price=money(found.price, visit.language, catalogue.shop.currency),
            category=catalogue.shop.categories[found.category].label.get(visit.language),
            facts=facts(found, catalogue, visit.language),
            variants=variants(found, catalogue, visit.language),
        )

    def advice(self, questionnaire: str) -> Response:
        """The advisor."""
        if questionnaire not in the_rooms().shopfront().questionnaires.published:
            abort(404)
        return self._page("advice", self._visit(), questionnaire=questionnaire)

    def basket(self) -> Response:
        """What is in the basket, and what goes with it."""
        catalogue, visit = _catalogue(), self._visit()
        found = [catalogue.find(sku) for sku in visit.basket if sku in catalogue]
        lines = [(each.sku, each.name.get(visit.language), self._price(each, visit)) for each in found]
        total = money(sum(each.price for each in found), visit.language, catalogue.shop.currency)
        return self._page("basket", visit, lines=lines, total=total)

    def account(self) -> Response:
        """Sign-in, what the shop knows, and what may be used of it."""
        return self._page("account", self._visit(), customers=read_customers(self._simulated))

    def token(self) -> Response:
        """A shopper token for the page of whoever is signed in; null for a guest."""
        customer = self._visit().customer
        return reply({"token": None if customer is None else token_for(customer, the_rooms())})

    def profile(self) -> Response:
        """Deliver what the shop knows of the customer; the service takes what is allowed now."""
        customer = self._visit().customer
        taken = 0 if customer is None else deliver_profile(customer, the_rooms()).accepted
        return reply({"accepted": taken})

    def picture(self, sku: str) -> Response:
        """A drawing of the product."""
        drawn = picture_of(_found(_catalogue(), sku))
        return Response(drawn, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})

    def asset(self, name: str) -> Response:
        """A style sheet or a script of the shop."""
        if name not in ASSETS:
            abort(404)
        content = (files("service.api") / "static" / "demo" / name).read_bytes()
        return Response(content, content_type=ASSETS[name], headers={"Cache-Control": "no-cache"})

    def change_basket(self) -> Response:
        """Put a product in or take it out."""
        catalogue, visit = _catalogue(), self._visit()
        sku = request.form.get("sku", "")
        others = tuple(each for each in visit.basket if each != sku and each in catalogue)
        added = () if request.form.get("remove") or sku not in catalogue else (sku,)
        return _remember(BASKET, " ".join((*others, *added)[-MOST_IN_BASKET:]), then="/demo/basket")

    def sign_in(self) -> Response:
        """Sign in as one of the simulated people: no password, nobody is harmed."""
        ref = request.form.get("customer", "")
        return _remember(CUSTOMER, ref if ref in read_customers(self._simulated) else "", then="/demo/account")

    def sign_out(self) -> Response:
        """Be a guest again."""
        return _remember(CUSTOMER, "", then="/demo/account")

    def choose_language(self) -> Response:
        """Speak another language from here on."""
        wanted = request.form.get("language", "")
        return _remember(LANGUAGE, wanted if wanted in LANGUAGES else "", then="/demo")

    def _visit(self) -> Visit:
        cookies = request.cookies
        language = cookies.get(LANGUAGE) or request.accept_languages.best_match(list(LANGUAGES)) or "de"
        customer = read_customers(self._simulated).get(cookies.get(CUSTOMER, ""))
        basket = tuple(cookies.get(BASKET, "").split()[:MOST_IN_BASKET])
        return Visit(language if language in LANGUAGES else "de", basket, customer)

    def _price(self, product: Product, visit: Visit) -> str:
        return money(product.price, visit.language, _catalogue().shop.currency)

    def _page(self, page: str, visit: Visit, **shown: object) -> Response:
        published = sorted(the_rooms().shopfront().questionnaires.published)
        text = self._pages.render(page, visit.language, visit=visit, here=page, questionnaires=published, **shown)
        return Response(text, content_type="text/html", headers={"Content-Security-Policy": CONTENT_POLICY})


def _catalogue() -> Catalogue:
    return the_rooms().shopfront().catalogue


def _found(catalogue: Catalogue, sku: str) -> Product:
    try:
        return catalogue.find(sku)
    except UnknownSku:
        abort(404)


def _remember(name: str, value: str, *, then: str) -> Response:
    response = Response(status=303, headers={"Location": then})
    response.set_cookie(name, value, path="/demo", httponly=True, samesite="Strict")
    return response
