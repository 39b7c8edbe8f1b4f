"""Where a shopper stands: which answers count, which products they leave, which questions can still change anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.advice.compiled import Compiled
from service.advice.judged import Judged, Standing
from service.advice.masks import Mask, words_of
from service.advice.path import Path, walk
from service.advice.questionnaire import Question
from service.advice.replies import Gathered
from service.advice.reply import NotSure, Picked, Reply
from service.catalogue.sets import ProductSet


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """An answer that counts and is not "not sure", and how the products stand to it."""

    judged: Judged
    reply: Reply
    standing: Standing

    @property
    def question(self) -> Question:
        """The question that was answered."""
        return self.judged.question

    @property
    def picked(self) -> tuple[str, ...]:
        """The options picked; none if the answer is a number or a range."""
        return self.reply.options if isinstance(self.reply, Picked) else ()

    @property
    def several(self) -> bool:
        """Whether more than one option was picked."""
        return isinstance(self.reply, Picked) and len(self.reply.options) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The replies, the path that they take, and the products left with the number of their models.

    `widened` are answers that were widened since nothing else would fit.
    """

    gathered: Gathered
    path: Path
    weighed: tuple[Weighed, ...]
    left: Mask
    remaining: int
    widened: tuple[Weighed, ...] = ()

    def products(self, compiled: Compiled) -> ProductSet:
        """The products left, as a set."""
        everything = compiled.universe.everything.words
        return ProductSet(words_of(self.left, compiled.universe), everything)


def situation(compiled: Compiled, gathered: Gathered) -> Situation:
    """Where these replies lead."""
    path = walk(compiled.questions, gathered.replies)
    weighed = weigh(compiled, path.counted)
    left = narrowed(compiled, weighed)
    widened = () if left else _widened(compiled, weighed)
    if widened:
        left = narrowed(compiled, weighed, widened)
    return Situation(gathered, path, weighed, left, compiled.models.count(left), widened)


def weigh(compiled: Compiled, counted: Mapping[str, Reply]) -> tuple[Weighed, ...]:
    """The counted answers with the products' standing, in file order."""
    return tuple(
        [
            Weighed(compiled.by_id[question], reply, compiled.standing(question, reply))
            for question, reply in counted.items()
            if not isinstance(reply, NotSure)
        ]
    )


def narrowed(compiled: Compiled, weighed: Iterable[Weighed], widened: Sequence[Weighed] = ()) -> Mask:
    """The products left: OR within a question, AND across; preferences never narrow."""
    left = compiled.everything
    for each in weighed:
        if each.judged.question.effect != "prefer":
            left &= (widest(compiled, each) if each in widened else each.standing).staying
    return left


def widest(compiled: Compiled, weighed: Weighed) -> Standing:
    """How products stand to the answer, widened if it may be."""
    question = weighed.judged.question
    return compiled.widened(question.id, weighed.reply) if question.widen else weighed.standing


def _widened(compiled: Compiled, weighed: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """The answers to widen so that something fits: the first that help in the order of the file, and none in vain."""
    enough: tuple[Weighed, ...] = ()
    for each in weighed:
        if each.question.widen:
            enough = (*enough, each)
            if narrowed(compiled, weighed, enough):
                break
    else:
        return ()
    for each in enough:
        fewer = tuple(other for other in enough if other is not each)
        if narrowed(compiled, weighed, fewer):
            enough = fewer
    return enough


def settled(compiled: Compiled, replies: Mapping[str, Reply]) -> Situation:
    """Where replies lead that nobody's profile adds to."""
    return situation(compiled, Gathered(dict(replies)))


def moot_questions(compiled: Compiled, here: Situation) -> frozenset[str]:
    """Unanswered questions whose every reply leaves the outcome as it is, through no later question either."""
    unanswered = {*here.path.waiting, *here.path.possible}
    moot: set[str] = set()
    for judged in reversed(compiled.judged):
        question = judged.question.id
        if question in unanswered and judged.is_moot(here.left) and _leads_nowhere(compiled, question, here, moot):
            moot.add(question)
    return frozenset(moot)


def _leads_nowhere(compiled: Compiled, question: str, here: Situation, moot: set[str]) -> bool:
    """Whether nothing changes through the questions that hang on this one."""
    return all(_cannot_matter(compiled, later, here, moot) for later in compiled.dependents[question])


def _cannot_matter(compiled: Compiled, later: str, here: Situation, moot: set[str]) -> bool:
    """Whether a question that hangs on another one changes nothing if it comes or goes."""
    if later in here.gathered.replies:
        return False
    return later in moot or (compiled.by_id[later].is_moot(here.left) and _leads_nowhere(compiled, later, here, moot))
