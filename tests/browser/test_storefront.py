"""The demo storefront: a small shop under a strict policy, and no trace of it where no demo is wanted."""

import pytest
from playwright.sync_api import expect

from service.api.log import open_log
from service.app import create_app
from service.settings import Settings
from tests.acceptance.running import ROOT

PAGES = (
    "/demo",
    "/demo?category=pedal",
    "/demo/products/RB-110-54",
    "/demo/advice/city-bike",
    "/demo/basket",
    "/demo/account",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_works_under_a_policy_without_anything_inline(visitor, path):
    page = visitor.go(path)

    policy = page.request.get(visitor.base + path).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    expect(page.get_by_role("heading").first).to_be_attached()
    assert page.evaluate(
        "[...document.images].every(image => image.complete && image.naturalWidth > 0 || image.loading)"
    )


@pytest.mark.parametrize(
    "path", ["/demo/products/NO-SUCH", "/demo/advice/kayak", "/demo/assets/secret", "/demo/pictures/X.svg"]
)
def test_what_is_not_there_is_not_found(service, path):
    assert service.get(path).status == 404


def test_the_shop_speaks_the_language_that_is_chosen(visitor):
    page = visitor.go("/demo")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Auswählen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Which bike suits you?")
    expect(page.get_by_role("link", name="Find your road bike")).to_be_visible()


def test_products_go_into_the_basket_and_out_of_it(visitor):
    page = visitor.go("/demo/products/RB-110-54")
    page.get_by_role("button", name="In den Warenkorb").first.click()
    expect(page.locator(".total")).to_contain_text("1.099,00")

    page.get_by_role("button", name="Entfernen").click()

    expect(page.get_by_text("Dein Warenkorb ist leer.")).to_be_visible()


def test_the_product_page_lays_beside_a_bike_what_belongs_to_it_and_tells_what_is_taken(visitor):
    page = visitor.go("/demo/products/RB-110-54")

    beside = page.locator("begleiter-suggestions")
    beside.get_by_text("Dieses Rad wird ohne Pedale geliefert").wait_for()
    with page.expect_request("**/v1/cross-sell/outcomes") as told:
        beside.get_by_role("button", name="Klickpedale").first.click()

    assert told.value.post_data_json == {"kind": "must_have", "outcome": "clicked"}
    expect(page.locator("#basket-count")).to_have_text("(1)")


def test_nobody_signs_in_as_somebody_who_was_not_simulated(service):
    form = b"customer=customer-1042"

    reply = service.call("POST", "/demo/sign-in", form, Content_Type="application/x-www-form-urlencoded")

    assert reply.status == 303
    assert reply.headers["set-cookie"].startswith("demo_customer=;")
    assert service.get("/demo/token", Cookie="demo_customer=customer-1042").json == {"token": None}


def test_a_customer_gets_a_token_and_their_file_is_delivered_only_as_far_as_they_allow(service):
    somebody = {"Cookie": "demo_customer=demo-0006"}

    token = service.get("/demo/token", **somebody).json["token"]

    assert token.startswith("bgt_")
    assert service.get("/v1/me/consents", token=token).json == {"grants": []}
    assert service.call("POST", "/demo/profile", **somebody).json == {"accepted": 0}


def test_without_the_demo_setting_there_is_no_storefront(tmp_path, sqlite_template):
    settings = Settings(
        shop=ROOT / "shop",
        questionnaires=ROOT / "questionnaires",
        data=tmp_path,
        database_url=f"sqlite:///{sqlite_template}",
        secret="0123456789abcdef" * 4,
    )

    client = create_app(settings, log=open_log("error")).test_client()

    assert client.get("/demo").status_code == 404
    assert client.get("/demo/token").status_code == 404
    assert client.get("/begleiter.js").status_code == 200
