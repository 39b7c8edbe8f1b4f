"""Global Privacy Control (W3C): whether the browser says that nothing of its user may be passed on or kept."""

from flask import request

HEADER = "Sec-GPC"


class OptedOut(Exception):
    """The browser says `Sec-GPC: 1`, so nothing is given; withdrawing is never refused for that."""

    def __init__(self) -> None:
        super().__init__("the browser sends Sec-GPC: 1, so nothing is given; switch it off for this shop and ask again")


def opted_out() -> bool:
    """Whether the request says so, in one of its header lines at least."""
    return any(value.strip() == "1" for value in request.headers.get(HEADER, "").split(","))
