"""What the register, consent and the shop's own calls look like."""

from typing import get_args

from service.api.shapes.words import (
    COUNT,
    TEXT,
    TIME,
    YES_NO,
    Shape,
    by_key,
    described,
    list_of,
    one_of,
    or_null,
    ref,
    thing,
)
from service.privacy.profile import Refusal

SHAPES: dict[str, Shape] = {
    "Purposes": thing(
        purposes=list_of(
            thing(
                id=TEXT,
                text=TEXT,
                example=TEXT,
                legal_basis=one_of("contract", "consent"),
                valid_for_days=described(or_null(COUNT), "after so many days a consent ends by itself"),
                terms=thing(
                    dpv=described(TEXT, "in the W3C Data Privacy Vocabulary"), fideslang=described(TEXT, "in fideslang")
                ),
            )
        ),
    ),
    "Attributes": thing(
        attributes=list_of(
            thing(
                id=TEXT,
                label=TEXT,
                why=TEXT,
                kind=one_of("text", "number", "boolean", "behaviour"),
                purposes=list_of(TEXT),
                sources=list_of(TEXT),
                retention_days=or_null(COUNT),
                sensitive=YES_NO,
            ),
        ),
    ),
    "Notice": thing(
        id=TEXT,
        version=TEXT,
        language=TEXT,
        hash=described(TEXT, "sha256 of the text"),
        text=TEXT,
        processing=or_null(ref("Processing")),
    ),
    "Processing": thing(
        controller=described(TEXT, "who is responsible; like the rest the same for every consent under the notice"),
        contact=TEXT,
        officer=or_null(TEXT),
        authority=or_null(TEXT),
        jurisdiction=or_null(TEXT),
        recipients=list_of(TEXT),
        third_countries=list_of(TEXT),
        withdrawal=described(or_null(TEXT), "how consent is taken back"),
    ),
    "Notices": thing(notices=list_of(ref("Notice"))),
    "ShownNotice": thing(id=TEXT, version=TEXT, language=TEXT, hash=TEXT),
    "Decision": thing(
        attribute=TEXT,
        purpose=TEXT,
        source=or_null(TEXT),
        given=YES_NO,
        outcome=one_of("given", "refused", "withdrawn", "expired"),
    ),
    "Grant": thing(
        attribute=TEXT,
        purpose=TEXT,
        given_at=TIME,
        until=or_null(TIME),
        notice=ref("ShownNotice"),
        sources=list_of(TEXT),
    ),
    "ConsentEvent": thing(
        id=TEXT,
        at=TIME,
        notice=or_null(ref("ShownNotice")),
        decisions=list_of(ref("Decision")),
        grants=list_of(ref("Grant")),
        head=ref("LedgerHead"),
    ),
    "LedgerHead": thing(
        position=described(COUNT, "how many entries the ledger had"),
        hash=described(TEXT, "the last entry's"),
        key=TEXT,
        signature=described(TEXT, "HMAC-SHA256; whoever holds an old head can have the ledger checked against it"),
    ),
    "MyData": thing(
        values=list_of(
            thing(
                attribute=TEXT,
                value=described({"type": ["string", "number", "boolean"]}, "as it was collected"),
                source=TEXT,
                source_ref=TEXT,
                collected_at=TIME,
                stored_at=TIME,
                purposes=described(list_of(TEXT), "what it may serve now"),
                counts_for=described(list_of(TEXT), "for which of them it counts, and no other source's value"),
                last_use=or_null(thing(on={"type": "string", "format": "date"}, purpose=TEXT)),
            )
        ),
        conflicts=list_of(
            thing(
                attribute=TEXT,
                purpose=TEXT,
                counts=described(TEXT, "the source whose value counts for the purpose"),
                differ=described(list_of(TEXT), "sources whose values are kept and are not the same"),
            )
        ),
        records=described(by_key(COUNT), "how many records of each kind are kept"),
    ),
    "Export": thing(
        format=TEXT,
        exported_at=TIME,
        shopper=described(TEXT, "the pseudonym under which everything is kept"),
        values=list_of(described({"type": "object"}, "as PUT /v1/shoppers/{ref}/attributes takes it")),
        grants=list_of(described({"type": "object"}, "as begleiter import shoppers takes it")),
        consent_records=list_of(described({"type": "object"}, "after ISO/IEC TS 27560")),
        records=described(by_key(list_of({"type": "object"})), "everything, table by table"),
    ),
    "Erasure": thing(id=TEXT, at=TIME, head=ref("LedgerHead")),
    "Remembered": thing(stored=described(YES_NO, "whether a current consent let the answer be kept")),
    "Recorded": thing(stored=described(YES_NO, "whether a current consent let it be kept")),
    "BlockedTopics": thing(topics=list_of(TEXT), may_be_blocked=described(list_of(TEXT), "topics and categories")),
    "Consents": thing(grants=list_of(ref("Grant"))),
    "Gpc": thing(gpc=YES_NO, lastUpdate={"type": "string", "format": "date"}),
    "ShopperToken": thing(token=TEXT, expires_at=TIME),
    "Acceptance": thing(
        accepted=COUNT,
        refused=list_of(
            thing(
                index=COUNT,
                attribute=TEXT,
                reason=one_of(*get_args(Refusal)),
            ),
        ),
    ),
}
