"""Advice by brute force, in plain Python over one product at a time: slow, obvious, the judge of the engine."""

from dataclasses import dataclass
from itertools import combinations

from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Is, Not
from service.advice.questionnaire import POINTS, Band, Near, Within
from service.advice.reply import Between, Measured, NotSure, Picked


@dataclass
class World:
    questionnaire: object
    shop: object
    products: list

    def candidates(self):
        wanted = self.questionnaire.candidates
        return [p for p in self.products if p.available and all(self.meets(p, fit) == "fits" for fit in wanted)]

    def meets(self, product, fit):
        stated = product.value(fit.attribute.text)
        if stated is None:
            return "unknown"
        if isinstance(fit, Band):
            inside = (fit.low is None or fit.low <= stated) and (fit.high is None or stated <= fit.high)
            return "fits" if inside else "misses"
        attribute = self.shop.attribute(fit.attribute.text)
        wanted = [attribute.typed(value.text) for value in fit.values]
        several = stated if isinstance(stated, tuple) else (stated,)
        return "fits" if any(one in wanted for one in several) else "misses"

    def verdict(self, product, question, reply, *, wide=False):
        """fits, misses or unknown, with the attributes that are not stated."""
        share = question.widen if wide else 0.0
        match reply:
            case NotSure():
                return None, ()
            case Picked(options):
                each = [self.of_option(product, option) for option in question.options if option.id in options]
            case Measured(number):
                each = [self.of_number(product, question, number, share * abs(number))]
            case Between(low, high):
                lowest = None if low is None else low - share * abs(low)
                highest = None if high is None else high + share * abs(high)
                each = [self.compared(product, question.asks.attribute.text, lowest, highest)]
        best = min((verdict for verdict, _ in each), key=("fits", "unknown", "misses").index)
        gaps = tuple(gap for verdict, gaps in each if verdict == "unknown" for gap in gaps)
        if best == "unknown" and question.missing_data == "drop":
            return "misses", ()
        return best, gaps if best == "unknown" else ()

    def of_option(self, product, option):
        return together([(self.meets(product, fit), fit.attribute.text) for fit in option.fits])

    def of_number(self, product, question, number, slack):
        match question.asks:
            case Near(attribute, tolerance):
                return self.compared(product, attribute.text, number - tolerance - slack, number + tolerance + slack)
            case Within(low, high):
                lower, upper = product.value(low.text), product.value(high.text)
                return together([
                    ("unknown" if lower is None else "fits" if lower <= number + slack else "misses", low.text),
                    ("unknown" if upper is None else "fits" if number - slack <= upper else "misses", high.text),
                ])  # fmt: skip

    def compared(self, product, attribute, low, high):
        stated = product.value(attribute)
        if stated is None:
            return "unknown", (attribute,)
        return ("fits" if (low is None or low <= stated) and (high is None or stated <= high) else "misses"), ()

    def counted(self, replies):
        """The answers on the path."""
        seen = {}
        for question in self.questionnaire.questions:
            if question.id in replies and (question.only_if is None or holds(question.only_if, seen) is True):
                seen[question.id] = replies[question.id]
        return seen

    def on_path(self, question, replies):
        return question.only_if is None or holds(question.only_if, self.counted(replies)) is True

    def left(self, replies):
        return self.narrowed(replies) or self.narrowed(replies, self.widened(replies))

    def narrowed(self, replies, widened=()):
        hard = [(q, r, q.id in widened) for q, r in self.answered(replies) if q.effect != "prefer"]
        return [
            p for p in self.candidates() if all(self.verdict(p, q, r, wide=wide)[0] != "misses" for q, r, wide in hard)
        ]

    def widened(self, replies):
        """The answers to widen where nothing fits otherwise: the first that do together, without those in vain."""
        may = [q.id for q, r in self.answered(replies) if q.widen and not isinstance(r, NotSure)]
        enough = next((may[: n + 1] for n in range(len(may)) if self.narrowed(replies, may[: n + 1])), [])
        for question in list(enough):
            fewer = [other for other in enough if other != question]
            if self.narrowed(replies, fewer):
                enough = fewer
        return enough

    def answered(self, replies):
        counted = self.counted(replies)
        return [(q, counted[q.id]) for q in self.questionnaire.questions if q.id in counted]

    def model(self, product):
        same = self.questionnaire.same_product
        value = product.value(same.text) if same else None
        return ("sku", product.sku) if value is None else ("model", value)

    def remaining(self, replies):
        return len({self.model(product) for product in self.left(replies)})

    def utility(self, product, replies):
        value = {"fits": 2, "unknown": 1, "misses": 0, None: 0}
        return sum(
            POINTS[q.weight] * value[self.verdict(product, q, r)[0]]
            for q, r in self.answered(replies)
            if q.effect == "prefer"
        )

    def ranked(self, replies):
        return sorted(self.left(replies), key=lambda p: (-self.utility(p, replies), p.price, p.sku))

    def shortlist(self, replies):
        return self.one_of_each_model(self.ranked(replies))[: self.questionnaire.show_at_most]

    def one_of_each_model(self, ranked):
        seen, listed = set(), []
        for product in ranked:
            if self.model(product) not in seen:
                seen.add(self.model(product))
                listed.append(product)
        return listed

    def near_misses(self, replies):
        """Who misses fewest requirements, then fewest filters, then is best."""

        def misses(product, effect):
            return sum(
                self.verdict(product, q, r)[0] == "misses" for q, r in self.answered(replies) if q.effect == effect
            )

        ranked = sorted(
            self.candidates(),
            key=lambda p: (misses(p, "require"), misses(p, "filter"), -self.utility(p, replies), p.price, p.sku),
        )
        return self.one_of_each_model(ranked)[: self.questionnaire.show_at_most]

    def changes_nothing(self, question, reply, replies):
        """Whether the reply leaves all that is left, and ranks all of it alike."""
        verdicts = {self.verdict(product, question, reply)[0] for product in self.left(replies)}
        return len(verdicts) <= 1 if question.effect == "prefer" else "misses" not in verdicts

    def ways_out(self, replies):
        """All smallest sets of hard answers to give up: of filters alone if there is such a way."""
        hard = [q for q, r in self.answered(replies) if q.effect != "prefer" and not isinstance(r, NotSure)]
        found = []
        for size in range(1, len(hard) + 1):
            for chosen in combinations(hard, size):
                given_up = frozenset(q.id for q in chosen)
                if any(smaller <= given_up for smaller, _ in found):
                    continue
                rest = {question: reply for question, reply in replies.items() if question not in given_up}
                if self.left(rest):
                    found.append((given_up, self.remaining(rest)))
        requirements = {q.id for q in hard if q.effect == "require"}
        gentle = [way for way in found if not way[0] & requirements]
        return set(gentle or found), set().union(*(way for way, _ in found))


def together(parts):
    """All parts must fit: one that misses decides, then one that is unknown."""
    verdicts = [verdict for verdict, _ in parts]
    if "misses" in verdicts:
        return "misses", ()
    gaps = tuple(attribute for verdict, attribute in parts if verdict == "unknown")
    return ("unknown" if gaps else "fits"), gaps


def holds(condition, seen):  # noqa: PLR0911  one line per kind of condition
    """True, False, or None where an answer is missing."""
    match condition:
        case Is(question, option):
            return picked(seen.get(question.text), [option])
        case AnyOf(question, options):
            return picked(seen.get(question.text), options)
        case AtLeast(question, number):
            reply = seen.get(question.text)
            return reply.number >= number if isinstance(reply, Measured) else None
        case AtMost(question, number):
            reply = seen.get(question.text)
            return reply.number <= number if isinstance(reply, Measured) else None
        case Not(inner):
            verdict = holds(inner, seen)
            return None if verdict is None else not verdict
        case All(conditions):
            verdicts = [holds(each, seen) for each in conditions]
            return False if False in verdicts else None if None in verdicts else True
        case Any(conditions):
            verdicts = [holds(each, seen) for each in conditions]
            return True if True in verdicts else None if None in verdicts else False


def picked(reply, options):
    return any(option.text in reply.options for option in options) if isinstance(reply, Picked) else None
