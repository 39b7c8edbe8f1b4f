"""docs/integrate.md, taken at its word: every example on the page is run."""

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance.running import ROOT, begleiter

PAGE = (ROOT / "docs" / "integrate.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)


def blocks(language):
    return [text for kind, text in BLOCKS if kind == language]


@pytest.fixture(scope="module")
def shop_key(service):
    """The key that the command prints last."""
    made = begleiter("keys", "create", "--scope", "shop", environment=service.environment)
    return made.stdout.split()[-1]


def test_the_page_holds_the_examples_that_are_tested_here():
    kinds = [kind for kind, _ in BLOCKS]

    assert kinds == ["html", "python", "javascript", "js", "js", "js", "js", "css", "text"]


def test_the_python_example_fetches_a_token(service, shop_key):
    names = {}
    exec(blocks("python")[0], names)

    token = names["shopper_token"](service.base, shop_key, "customer 1042")

    assert service.get("/v1/me/consents", token=token).status == 200


def test_the_javascript_example_fetches_a_token(visitor, service, shop_key):
    page = visitor.go("/demo")

    token = page.evaluate(
        f"([...given]) => {{ {blocks('javascript')[0]}; return shopperToken(...given); }}",
        [service.base, shop_key, "customer 1042"],
    )

    assert service.get("/v1/me/consents", token=token).status == 200


def test_the_pages_examples_work_together_under_the_policy(browser, service, another_shop, shop_key):
    scripts = [f"/{number}.js" for number in range(4)]
    html = blocks("html")[0].replace("{service}", service.base)
    tags = "".join(f'<script type="module" src="{name}"></script>' for name in scripts)
    style = '<link rel="stylesheet" href="/shop.css">'
    policy = blocks("text")[0].strip().replace("{service}", service.base)
    address = another_shop(f'<!doctype html><title>Shop</title>{style}<body>{html}<p id="basket"></p>{tags}', policy)
    token = service.post("/v1/shoppers/somebody/tokens", None, token=shop_key).json["token"]
    complaints, delivered = [], []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    def deliver(route):
        delivered.append(route.request.method)
        route.fulfill(json={})

    page.route("**/shop.css", answering(body=blocks("css")[0], content_type="text/css"))
    for number, script in enumerate(blocks("js")):
        script = script.replace("{service}", service.base)  # noqa: PLW2901  as the reader of the page does it
        page.route(f"**/{number}.js", answering(body=script, content_type="text/javascript"))
    page.route("**/my/begleiter-token", answering(json={"token": token}))
    page.route("**/my/deliver-profile", deliver)
    page.goto(address)
    advisor = page.locator("begleiter-advisor")

    advisor.get_by_role("button", name="I'm not sure").click()
    advisor.locator("[part=offer]").get_by_role("button", name="Yes").click()
    expect(advisor.locator("[part=offer]")).to_have_count(0)
    advisor.get_by_role("button", name="I'll take this one").first.click()

    expect(page.locator("#basket")).to_contain_text("product RB-")
    with page.expect_response("**/v1/cross-sell/outcomes") as outcome:
        advisor.locator("[part=companion] [part=add]").first.click()
    assert outcome.value.status == 200
    assert re.search(rb'outcome="clicked"} [1-9]', service.get("/metrics").body)
    title = advisor.locator("[part=title]").evaluate("title => getComputedStyle(title).textTransform")
    accent = advisor.locator("[part=remaining]").evaluate("line => getComputedStyle(line).color")
    context.close()
    assert (title, accent) == ("uppercase", "rgb(122, 31, 92)")
    assert delivered == ["POST"]
    assert complaints == []


def test_the_module_is_kept_as_long_as_the_page_says_and_no_state_is(service):
    module = service.get("/begleiter.js").headers
    advice = service.post("/v1/advice", {"questionnaire": "road-bike", "answers": {}}).headers

    assert module["cache-control"] == "public, max-age=3600"
    assert service.get("/begleiter.js", if_none_match=module["etag"]).status == 304
    assert "no-store" in advice["cache-control"]


def test_a_page_of_an_origin_that_is_not_named_shows_a_message_instead_of_the_advisor(browser, service, another_shop):
    html = blocks("html")[0].replace("{service}", service.base)
    address = another_shop(f"<!doctype html><title>Shop</title><body>{html}").replace("localhost", "127.0.0.1")
    context = browser.new_context()
    page = context.new_page()

    page.goto(address)

    page.locator("begleiter-advisor").get_by_text("We cannot reach the shop right now").wait_for()
    allowed = service.call("OPTIONS", "/v1/advice", Origin="https://elsewhere.example", **PREFLIGHT).headers
    named = service.call("OPTIONS", "/v1/advice", Origin=address.replace("127.0.0.1", "localhost")[:-1], **PREFLIGHT)
    context.close()
    assert "access-control-allow-origin" not in allowed
    assert named.headers["access-control-allow-origin"] == address.replace("127.0.0.1", "localhost")[:-1]


PREFLIGHT = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization,content-type"}


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [(422, "unknown-option", "This answer could not be taken"), (404, "no-such-question", "not available")],
)
def test_an_answer_that_cannot_be_taken_is_said_to_be_so_and_the_question_stays(visit, status, kind, said):
    visitor = visit(language="en")
    visitor.speaks("en")
    visitor.asks_for_advice()
    visitor.page.route("**/answers/**", answering(status=status, json={"type": f"/problems/{kind}"}))

    visitor.presses("not_sure")

    expect(visitor.advisor.locator("[part=notice]")).to_contain_text(said)
    visitor.is_asked("How much would you like to spend")


def answering(**reply):
    return lambda route: route.fulfill(**reply)


@pytest.mark.parametrize("kind", ["attribute", "part", "property"])
def test_every_name_on_the_page_is_in_the_component(kind):
    folder = ROOT / "service" / "api" / "static" / "component"
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    named = {
        "attribute": [
            "questionnaire",
            "endpoint",
            "locale",
            "remember",
            "handover-url",
            "product-url",
            "notice",
            "attributes",
            "purpose",
            "basket",
        ],
        "part": re.findall(r"`([a-z-]+)`", PAGE[PAGE.index("`::part()` reaches") : PAGE.index("```css")]),
        "property": re.findall(r"--begleiter-[a-z-]+", PAGE),
    }[kind]

    assert [name for name in named if not re.search(rf'"{name}"|{name},|part: name|`{name}`', source)] == []
    assert len(named) > 5
