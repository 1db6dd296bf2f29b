"""Article 7's order as data: the seed names every stage, and each pair of stages once."""

from typing import Any

from ingestion.seeds import load_seed

STAGES = load_seed("application_stages")
LISTED = load_seed("ledger_values").filter(ledger="applications", field="stage")["value"].to_list()


def test_every_stage_of_the_ledger_has_its_place_and_its_wording() -> None:
    worded = load_seed("messages").filter(kind="application_stage")["code"].to_list()
    assert sorted(STAGES["stage"]) == sorted(LISTED) == sorted(worded)


def test_a_stage_stands_on_the_main_line_or_follows_one() -> None:
    for stage in STAGES.iter_rows(named=True):
        assert (stage["position"] is None) == (stage["follows"] is not None), stage["stage"]
        assert stage["follows"] in {None, *LISTED}
        assert stage["lifted_by"] in {None, *LISTED}


def test_a_designation_needs_all_that_article_7_names_but_the_spot_check(project: Any) -> None:
    needed = project.rows(
        "select earlier_stage, is_required from intermediate.int_stages_ordered"
        " where stage = 'designated' order by earlier_position"
    )
    main_line = ["submitted", "accepted", "site_visited", "recommended", "evaluated", "spot_checked"]
    main_line += ["shortlisted", "publicised"]
    assert needed == [(stage, stage != "spot_checked") for stage in main_line]
