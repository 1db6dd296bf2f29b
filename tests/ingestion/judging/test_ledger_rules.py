"""V20 and V21: what a row of a ledger is held to. Every row tests one boundary."""

from collections.abc import Callable
from typing import Any

import pytest

RECORDED = "2026-02-01T10:00:00+08:00"

SCORE = {
    "zone_id": "HZ44030009",
    "submission_type": "application",
    "report_year": "2025",
    "dimension": "planning",
    "score": "10",
    "recorded_at": RECORDED,
}
STATISTIC = {
    "region_code": "440000",
    "year": "2024",
    "indicator": "export_cny",
    "value": "1234.5",
    "unit": "CNY_100M",
    "published_on": "2025-02-20",
    "recorded_at": RECORDED,
}
DISPOSITION = {
    "disposition": "waived",
    "officer": "张",
    "approver": "李",
    "reason": "已核实",
    "recorded_at": RECORDED,
}
INCIDENT = {
    "zone_id": "HZ44030009",
    "domain": "quality",
    "occurred_on": "2025-01-01",
    "recorded_at": RECORDED,
}

REVOCATION = {"zone_id": "HZ44030009", "revoked_on": "2026-01-15", "recorded_at": RECORDED}
RELAXATION = {
    "region": "west",
    "criterion_id": "G04",
    "from_report_year": "2025",
    "threshold": "300000",
    "recorded_at": RECORDED,
}
PROMOTION = {
    "activity_id": "P1",
    "authority_code": "000000",
    "kind": "forum",
    "held_on": "2025-05-01",
    "recorded_at": RECORDED,
}

ROWS: dict[str, tuple[str, dict[str, dict[str, str]], set[str]]] = {
    "expert_scores": (
        "expert_id",
        {
            "accepted 0": SCORE | {"score": "0"},
            "accepted all points": SCORE | {"score": "15"},
            "accepted all points of a larger dimension": SCORE | {"dimension": "openness", "score": "30"},
            "accepted full-width figures": SCORE | {"score": "１２．５"},
            "accepted withdrawal with its key only": SCORE | {"score": "", "void": "true"},
            "accepted withdrawal with anything else": SCORE | {"score": "99", "void": "1"},
            "V20 just above the points": SCORE | {"score": "15.000000000000000001"},
            "V20 below 0": SCORE | {"score": "-0.1"},
            "V20 a score that can't be read": SCORE | {"score": "优"},
            "V20 a blank score": SCORE | {"score": ""},
            "V20 a dimension that is not listed": SCORE | {"dimension": "total"},
            "V20 a type that experts do not score": SCORE | {"submission_type": "annual_report"},
            "V20 a report year that can't be read": SCORE | {"report_year": "2025年"},
            "V20 recorded on a day without a time": SCORE | {"recorded_at": "2026-02-01"},
            "V20 never recorded": SCORE | {"recorded_at": ""},
            "V20 a withdrawal that is neither true nor false": SCORE | {"void": "是"},
            "V20 a withdrawal without the moment of recording": SCORE | {"void": "true", "recorded_at": ""},
            "V20 a withdrawal without its whole key": SCORE | {"void": "true", "dimension": ""},
        },
        {"V20"},
    ),
    "provincial_statistics": (
        "source",
        {
            "accepted a unit of the currency": STATISTIC,
            "accepted another unit of the currency": STATISTIC | {"unit": "CNY_10K"},
            "accepted dollars for investment": STATISTIC | {"indicator": "fdi_usd", "unit": "USD_10K"},
            "V20 dollars for export": STATISTIC | {"unit": "USD_100M"},
            "V20 yuan for investment": STATISTIC | {"indicator": "fdi_usd", "unit": "CNY_10K"},
            "V20 a unit that is not listed": STATISTIC | {"unit": "CNY"},
            "V20 a plan city has no statistics of its own": STATISTIC | {"region_code": "440300"},
            "V20 a region that is none": STATISTIC | {"region_code": "999999"},
            "accepted a day in another spelling": STATISTIC | {"published_on": "2025年2月20日"},
        },
        {"V20"},
    ),
    "dispositions": (
        "failure_id",
        {
            "accepted a waiver with another approver": DISPOSITION,
            "V21 a waiver without an approver": DISPOSITION | {"approver": " "},
            "V21 a waiver approved by the officer": DISPOSITION | {"approver": " 张 "},
            "V21 a waiver approved by the officer whose name is padded": DISPOSITION
            | {"officer": "张三", "approver": "张\u3000三"},
            "accepted a waiver approved by a namesake but for one character": DISPOSITION
            | {"officer": "张三", "approver": "张三丰"},
            "accepted a confirmation without an approver": DISPOSITION
            | {"disposition": "confirmed_correct", "approver": ""},
            "accepted a confirmation approved by the officer": DISPOSITION
            | {"disposition": "confirmed_correct", "approver": "张"},
            "accepted a withdrawn waiver without an approver": DISPOSITION | {"approver": "", "void": "true"},
        },
        {"V21"},
    ),
    "incidents": (
        "incident_id",
        {
            "accepted an unruled one": INCIDENT,
            "accepted a ruled one": INCIDENT | {"level_rank": "2", "ruled_on": "2025-02-01"},
            "accepted the highest rank": INCIDENT | {"level_rank": "4", "ruled_on": "2025-02-01"},
            "V20 a rank above the highest": INCIDENT | {"level_rank": "5", "ruled_on": "2025-02-01"},
            "V20 a rank below the lowest": INCIDENT | {"level_rank": "0", "ruled_on": "2025-02-01"},
            "V20 an optional cell that can't be read": INCIDENT | {"level_rank": "较大"},
            "V20 a domain that is not listed": INCIDENT | {"domain": "traffic"},
        },
        {"V20"},
    ),
    "revocations": (
        "decision_no",
        {
            "accepted the last clause of Article 11": REVOCATION | {"ground": "6"},
            "V20 a clause that Article 11 does not have": REVOCATION | {"ground": "7"},
        },
        {"V20"},
    ),
    "relaxations": (
        "decision_no",
        {
            "accepted a relaxable criterion": RELAXATION,
            "V20 a mandatory gate is never relaxed": RELAXATION | {"criterion_id": "G01"},
            "V20 a criterion that is none": RELAXATION | {"criterion_id": "X01"},
        },
        {"V20"},
    ),
    "promotion": (
        "title",
        {
            "accepted the first article of promotion": PROMOTION | {"article": "12"},
            "accepted the last article of promotion": PROMOTION | {"article": "15"},
            "V20 an article before them": PROMOTION | {"article": "11"},
            "V20 an article after them": PROMOTION | {"article": "16"},
        },
        {"V20"},
    ),
}
CASES = [(ledger, case) for ledger, (_, cases, _) in ROWS.items() for case in cases]


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any], ledger_text: Callable[..., str]) -> Any:
    texts = {
        f"ledgers/{ledger}.csv": ledger_text(
            ledger, [{key: f"K{n}"} | row for n, row in enumerate(cases.values())]
        )
        for ledger, (key, cases, _) in ROWS.items()
    }
    return night_of({}, texts)


@pytest.mark.parametrize(("ledger", "case"), CASES)
def test_row(night: Any, ledger: str, case: str) -> None:
    row = 2 + list(ROWS[ledger][1]).index(case)
    found = night.table("findings").filter(sheet=ledger, row_number=row)
    accepted = case.startswith("accepted")
    assert set(found["rule_id"]) == (set() if accepted else ROWS[ledger][2])
    assert (row in night.table(f"ledgers/{ledger}")["row_number"]) == accepted


def test_a_finding_names_file_row_field_and_key(night: Any) -> None:
    row = 2 + list(ROWS["expert_scores"][1]).index("V20 just above the points")
    (found,) = night.table("findings").filter(sheet="expert_scores", row_number=row).iter_rows(named=True)
    assert found["submission_id"] is None
    assert found["row_identity"] == "HZ44030009\x1eapplication\x1e2025\x1eK6\x1eplanning"
    assert (found["field"], found["value"]) == ("score", "15.000000000000000001")
    assert found["expected"] == "0..15"
    assert found["message_en"].startswith("ledgers/expert_scores.csv: The score 15.000000000000000001")


def test_an_accepted_row_carries_the_identity_that_a_finding_about_it_would_have(night: Any) -> None:
    accepted = night.table("ledgers/expert_scores").row(0, named=True)
    key = ("zone_id", "submission_type", "report_year", "expert_id", "dimension")
    assert accepted["row_identity"] == "\x1e".join(str(accepted[name]) for name in key)


def test_every_row_is_accepted_or_quarantined(night: Any) -> None:
    counts = {row["ledger"]: row for row in night.table("ledger_counts").iter_rows(named=True)}
    for ledger, (_, cases, _) in ROWS.items():
        accepted = sum(1 for case in cases if case.startswith("accepted"))
        assert counts[ledger] == {
            "ledger": ledger,
            "ledger_file": f"ledgers/{ledger}.csv",
            "rows_read": len(cases),
            "rows_accepted": accepted,
            "rows_quarantined": len(cases) - accepted,
            "rows_later": 0,
        }


HEADER = "incident_id,zone_id,domain,level_rank,occurred_on,ruled_on,void,recorded_at\n"
RIGHT = f"I1,HZ44030009,quality,,2025-01-01,,,{RECORDED}\n"
FILES: dict[str, tuple[str | bytes, list[tuple[int | None, str | None]], int]] = {
    # text of the ledger, (row, field) of its findings, accepted rows
    "in UTF-8": (HEADER + RIGHT, [], 1),
    "in UTF-8 with a mark": (b"\xef\xbb\xbf" + (HEADER + RIGHT).encode(), [], 1),
    "in GB18030": ((HEADER + RIGHT.replace("I1", "事故1")).encode("gb18030"), [], 1),
    "in no encoding": (b"\xff\xfe\x00" + HEADER.encode("utf-16-le"), [(None, None)], 0),
    "empty": (b"", [(None, None)], 0),
    "with a header only": (HEADER, [], 0),
    "without a required column": (
        HEADER.replace("domain,", "") + RIGHT.replace("quality,", ""),
        [(None, "domain")],
        0,
    ),
    "without a required column, withdrawing": (
        "incident_id,void,recorded_at\n" + f"I1,true,{RECORDED}\n",
        [(None, "zone_id"), (None, "domain"), (None, "occurred_on")],
        1,
    ),
    "without the moment of recording": (
        "incident_id,zone_id,domain,occurred_on\nI1,HZ44030009,quality,2025-01-01\n",
        [(None, "recorded_at")],
        0,
    ),
    "without optional columns": (
        f"incident_id,zone_id,domain,occurred_on,recorded_at\nI1,HZ44030009,quality,2025-01-01,{RECORDED}\n",
        [],
        1,
    ),
    "with a column twice": (
        HEADER.replace("level_rank", "domain") + RIGHT.replace("quality,", "quality,quality"),
        [(None, "domain")],
        0,
    ),
    "with headers in other forms": (
        HEADER.replace("domain", " Ｄ omain ".replace("Ｄ", "ｄ")) + RIGHT,
        [],
        1,
    ),
    "with a cell too many": (HEADER + RIGHT.strip() + ",\n" + RIGHT.replace("I1", "I2"), [(2, None)], 1),
    "with a cell too few": (HEADER + f"I1,HZ44030009,quality,2025-01-01,,,{RECORDED}\n", [(2, None)], 0),
    "with a blank row between": (HEADER + ",,,,,,,\n" + RIGHT, [], 1),
    "with a column beyond the contract": (
        HEADER.replace("void", "note,void") + RIGHT.replace(f",,{RECORDED}", f",备注,,{RECORDED}"),
        [],
        1,
    ),
}


@pytest.fixture(scope="module")
def file_nights(night_of: Callable[..., Any]) -> Callable[[str], Any]:
    nights: dict[str, Any] = {}

    def judge(name: str) -> Any:
        if name not in nights:
            nights[name] = night_of({}, {"ledgers/incidents.csv": FILES[name][0]})
        return nights[name]

    return judge


@pytest.mark.parametrize("name", FILES)
def test_file(file_nights: Callable[[str], Any], name: str) -> None:
    _, findings, accepted = FILES[name]
    found = file_nights(name).table("findings")
    assert sorted(found.select("row_number", "field").rows(), key=str) == sorted(findings, key=str)
    assert set(found["rule_id"]) <= {"V20"}
    assert file_nights(name).table("ledgers/incidents").height == accepted


def test_columns_beyond_the_contract_are_named(file_nights: Callable[[str], Any]) -> None:
    night = file_nights("with a column beyond the contract")
    assert night.table("ledger_extras").rows() == [("incidents", "ledgers/incidents.csv", "note")]


def test_rows_keep_their_numbers_when_a_blank_one_is_left_out(file_nights: Callable[[str], Any]) -> None:
    night = file_nights("with a blank row between")
    assert night.table("ledgers/incidents")["row_number"].to_list() == [3]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01"], ids=["empty", "in no encoding"])
def test_a_finding_of_a_whole_file_names_its_ledger(night_of: Callable[..., Any], content: bytes) -> None:
    found = night_of({}, {"ledgers/incidents.csv": content}).table("findings")
    assert found.select("rule_id", "sheet").rows() == [("V20", "incidents")]
