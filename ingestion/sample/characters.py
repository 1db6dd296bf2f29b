"""What zones of the sample are like: which criteria they pass, miss, or meet to the last digit.

Belongs here: a table of invented characters, each relative to the thresholds of the standard. Does not
belong here: a threshold itself.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ALL_BODIES = (
    "cooperation_mechanism",
    "overseas_branch",
    "overseas_liaison",
    "innovation_platform",
    "overseas_rd",
    "international_service_body",
    "operating_body",
)
PLANS = ("development_plan", "annual_work_plan", "annual_development_report", "other")


@dataclass(frozen=True)
class Character:
    """How a zone stands to the criteria; every difference counts from the threshold in the seed.

    ``revenue_factor`` and ``revenue_difference_wan`` give the total revenue of the main year (10k CNY);
    ``sme_share`` and ``sme_revenue_share`` are shares of enterprises and revenue, ``None`` for the
    threshold itself; ``foreign_funded`` and the tiers count enterprises above the threshold;
    ``lead`` is the three-year ratio of export and foreign investment over the province's;
    ``research_growth`` and ``patent_growth`` multiply the thresholds of the three-year ratios;
    ``is_exact`` says that a single changed row would miss the point.
    """

    name: str
    revenue_factor: Fraction = Fraction(13, 10)
    revenue_difference_wan: Decimal = Decimal(0)
    sme_share: Fraction | None = Fraction(17, 20)
    sme_revenue_share: Fraction | None = Fraction(7, 10)
    foreign_funded: int = 3
    lead: Fraction = Fraction(11, 10)
    research_growth: Fraction = Fraction(21, 20)
    patent_growth: Fraction = Fraction(21, 20)
    international_patents: int = 3
    giants: int = 1
    specialised: int = 2
    technology: int = 1
    unserved: int = 0
    idle_service_areas: int = 0
    bodies: tuple[str, ...] = ALL_BODIES
    documents: tuple[str, ...] = PLANS
    has_boundary: bool = True
    has_functions: bool = True
    unsized: int = 0
    blank_exports: int = 0
    panel: str = "strong"
    is_exact: bool = False


STRONG = Character("strong")
MODEST = Character(
    "modest",
    revenue_factor=Fraction(21, 20),
    lead=Fraction(21, 20),
    panel="fair",
)
AT_EVERY_THRESHOLD = Character(
    "at every threshold, so that what must exceed it fails",
    revenue_factor=Fraction(1),
    sme_share=None,
    sme_revenue_share=None,
    foreign_funded=0,
    lead=Fraction(1),
    research_growth=Fraction(1),
    patent_growth=Fraction(1),
    international_patents=0,
    giants=0,
    specialised=0,
    technology=0,
    panel="at the minimum",
    is_exact=True,
)
A_HAIR_BELOW = Character(
    "a hair below every threshold that counts",
    revenue_factor=Fraction(1),
    revenue_difference_wan=Decimal("-0.01"),
    sme_revenue_share=Fraction(5999, 10000),
    foreign_funded=-1,
    lead=Fraction(9999, 10000),
    research_growth=Fraction(9999, 10000),
    patent_growth=Fraction(999, 1000),
    international_patents=-1,
    giants=-1,
    specialised=-1,
    technology=-1,
    unserved=1,
    idle_service_areas=1,
    panel="a hair below the total",
    is_exact=True,
)
SMALL = Character(
    "too small by far",
    revenue_factor=Fraction(2, 5),
    foreign_funded=-6,
    lead=Fraction(9, 10),
    bodies=("operating_body", "innovation_platform"),
    unserved=4,
    panel="weak",
)
SOMEWHAT_SMALL = Character(
    "somewhat small: enough by the relaxed gate, where there is one",
    revenue_factor=Fraction(3, 4),
)
UNDEFINED = Character("without boundary and functions", has_boundary=False, has_functions=False)
UNPLANNED = Character(
    "without plans and bodies",
    bodies=("operating_body",),
    documents=("other",),
    idle_service_areas=3,
    panel="a hair below openness",
)
LARGE_ENTERPRISES = Character(
    "of large enterprises",
    sme_share=Fraction(2, 5),
    sme_revenue_share=Fraction(3, 10),
    revenue_factor=Fraction(3),
    panel="of two experts",
)
HALF_KNOWN = Character(
    "with industries of no size standard and blank exports",
    unsized=4,
    blank_exports=4,
    panel="at odds",
)
SHRINKING = Character(
    "shrinking",
    lead=Fraction(7, 10),
    research_growth=Fraction(8, 10),
    patent_growth=Fraction(8, 10),
    panel="absent",
)

CHARACTERS = (
    STRONG,
    AT_EVERY_THRESHOLD,
    MODEST,
    A_HAIR_BELOW,
    STRONG,
    SMALL,
    HALF_KNOWN,
    SOMEWHAT_SMALL,
    UNDEFINED,
    LARGE_ENTERPRISES,
    UNPLANNED,
    STRONG,
    SHRINKING,
)
