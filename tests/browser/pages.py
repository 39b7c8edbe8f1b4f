"""What a visitor of the demo shop does, in words of the shop."""

import re

WORDS = {
    "de": {
        "next": "Weiter",
        "not_sure": "Weiß ich nicht",
        "back": "Zurück",
        "choose": "Das nehme ich",
        "highest": "Höchstens",
    },
    "en": {
        "next": "Next",
        "not_sure": "I'm not sure",
        "back": "Back",
        "choose": "I'll take this one",
        "highest": "Highest",
    },
    "de-simple": {
        "next": "Weiter",
        "not_sure": "Das weiß ich nicht",
        "back": "Zurück",
        "choose": "Das möchte ich",
        "highest": "Höchstens",
    },
}
ASKS_SOMETHING_ELSE = """before => {
  const advisor = document.querySelector("begleiter-advisor").shadowRoot;
  return advisor.querySelector("legend")?.innerText !== before;
}"""
NOISE = re.compile("Failed to load resource|net::ERR")


class Visitor:
    """One browser profile; `complaints` are errors that a page raised, blocked styles and scripts included."""

    def __init__(self, context, base, language):
        self.context = context
        self.base = base
        self.words = WORDS[language]
        self.language = language
        self.complaints = []
        self.page = self.new_tab()

    def new_tab(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._listen(said.type, said.text))
        return page

    def _listen(self, kind, text):
        if kind == "error" and not NOISE.search(text):
            self.complaints.append(text)

    def go(self, path):
        self.page.goto(self.base + path)
        return self.page

    def speaks(self, language):
        """Choose the shop's language as a cookie, as its form does."""
        self.context.add_cookies([{"name": "demo_language", "value": language, "url": f"{self.base}/demo"}])

    def signs_in(self, customer):
        page = self.go("/demo/account")
        page.get_by_label(re.compile("simulierte|simulated|erfundene")).select_option(customer)
        page.locator(".sign-in button").click()
        page.get_by_text(customer, exact=True).wait_for()

    def asks_for_advice(self, questionnaire="road-bike"):
        self.go(f"/demo/advice/{questionnaire}")
        self.page.locator("begleiter-advisor legend").wait_for()

    @property
    def advisor(self):
        return self.page.locator("begleiter-advisor")

    @property
    def question(self):
        return self.advisor.locator("legend").inner_text()

    def is_asked(self, words):
        self.advisor.locator("legend", has_text=words).wait_for()

    def presses(self, name):
        """Press a button once nothing else is under way, as whoever looks at the page does."""
        self.advisor.locator("[part=dialogue]:not([aria-busy])").wait_for(state="attached")
        self.advisor.get_by_role("button", name=self.words.get(name, name)).first.click()

    def spends_at_most(self, amount):
        self.advisor.get_by_role("spinbutton", name=self.words["highest"]).fill(str(amount))
        self.presses("next")

    def is_tall(self, height):
        self.advisor.get_by_role("spinbutton").fill(str(height))
        self.presses("next")

    def ticks(self, *labels):
        for label in labels:
            self.advisor.get_by_label(label).check()
        self.presses("next")

    def is_not_sure_of_anything_else(self):
        """Go on to the end of the questions."""
        for _ in range(12):
            if self.advisor.locator("legend").count() == 0:
                return
            before = self.question
            self.presses("not_sure")
            self.page.wait_for_function(ASKS_SOMETHING_ELSE, arg=before)

    @property
    def shortlist(self):
        return self.advisor.locator("[part=product] [part=name]").all_inner_texts()

    @property
    def answers(self):
        """The answers so far, as they are shown."""
        rows = self.advisor.locator("[part=answers] dd").all_inner_texts()
        return [row.split("\n")[0].replace("\xa0", " ") for row in rows]
