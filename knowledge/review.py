"""Answers that expire safely: past its review date an article keeps its general part and withholds what perishes."""

from dataclasses import replace
from datetime import date

from knowledge.model import Article


def is_overdue(article: Article, on_day: date) -> bool:
    """Whether the day by which the article had to be reviewed is past."""
    return article.review_by is not None and on_day > article.review_by


def tellable(article: Article, on_day: date) -> Article:
    """What may be told of `article` on `on_day`: without the perishable facets once it is overdue."""
    if not is_overdue(article, on_day):
        return article
    kept = {facet: lines for facet, lines in article.facets.items() if facet not in article.perishable}
    return replace(article, facets=kept)
