"""A product as the wire shows it, so that replies only splice bytes."""

import orjson

from service.catalogue.product import Product


def product_json(product: Product, locale: str, currency: str) -> bytes:
    """One JSON object: sku, name, price, currency, url, image, in that order."""
    return orjson.dumps(
        {
            "sku": product.sku,
            "name": product.name.get(locale),
            "price": product.price,
            "currency": currency,
            "url": product.url,
            "image": product.image,
        }
    )
