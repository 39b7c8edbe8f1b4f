"""The demo storefront's customers: simulated people, and what the shop's own server does for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from service.api.rooms import Rooms
from service.api.shoppers import TOKEN_LIFETIME
from service.privacy.credentials import issue
from service.privacy.profile import Acceptance, IncomingValue, accept
from service.privacy.shoppers import pseudonym

MOST = 6
SIMULATED = "shoppers.jsonl"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody whom the shop knows; nobody of them exists."""

    ref: str
    values: tuple[IncomingValue, ...]

    @property
    def known(self) -> Mapping[str, object]:
        """What the shop's own files say, by attribute."""
        return {value.attribute: value.value for value in self.values}


def read_customers(folder: Path) -> Mapping[str, Customer]:
    """The first few simulated shoppers by their reference; none where nothing was simulated."""
    path = folder / SIMULATED
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as lines:
        found = [_customer(json.loads(line)) for line in islice(lines, MOST)]
    return {customer.ref: customer for customer in found}


def token_for(customer: Customer, rooms: Rooms) -> str:
    """A shopper token, as a shop's server gets it from `POST /v1/shoppers/{ref}/tokens`."""
    now = rooms.clock()
    subject = pseudonym(rooms.secret, customer.ref)
    rooms.stores.shoppers.ensure(subject, at=now)
    return issue(rooms.stores.credentials, "shopper", at=now, lifetime=TOKEN_LIFETIME, subject=subject).token


def deliver_profile(customer: Customer, rooms: Rooms) -> Acceptance:
    """What the shop knows of a customer, delivered as by `PUT /v1/shoppers/{ref}/attributes`."""
    subject = pseudonym(rooms.secret, customer.ref)
    register = rooms.shopfront().register
    return accept(rooms.stores.profiles, register, subject, customer.values, at=rooms.clock())


def _customer(record: Mapping[str, Any]) -> Customer:
    values = (
        IncomingValue(**(value | {"collected_at": datetime.fromisoformat(value["collected_at"])}))
        for value in record["values"]
    )
    return Customer(record["ref"], tuple(values))
