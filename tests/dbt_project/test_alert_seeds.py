"""Kinds, stages and messages of alerts agree: a stage without words or for nobody would tell nobody."""

from ingestion.seeds import load_seed

KINDS = load_seed("alert_kinds").to_dicts()
STAGES = load_seed("alert_stages").to_dicts()
MESSAGES = load_seed("alert_messages").to_dicts()
AUDIENCES = set(load_seed("alert_audiences")["audience"])


def test_every_kind_has_stages_and_every_stage_has_a_kind() -> None:
    assert {stage["kind"] for stage in STAGES} == {kind["kind"] for kind in KINDS}


def test_every_stage_has_words_and_all_words_have_a_stage() -> None:
    words = {(message["kind"], message["speaks_while"], message["situation"]) for message in MESSAGES}
    silent = [
        stage
        for stage in STAGES
        if not any(
            (stage["kind"], stage["speaks_while"]) == told[:2] and stage["situation"] in {"any", told[2]}
            for told in words
        )
    ]
    spoken = {(stage["kind"], stage["speaks_while"]) for stage in STAGES}
    assert silent == []
    assert {told[:2] for told in words} == spoken


def test_everybody_told_is_an_audience() -> None:
    told = {audience for stage in STAGES for audience in stage["audiences"].split(",")}
    assert told == AUDIENCES


def test_nobody_is_told_that_something_is_overdue_from_an_older_release() -> None:
    lax = [
        stage
        for stage in STAGES
        if stage["speaks_while"] != "open" and stage["needs_release_of_the_day"] != "yes"
    ]
    assert lax == []


def test_only_a_stage_before_its_day_speaks_while_the_matter_is_open() -> None:
    wrong = [stage for stage in STAGES if (int(stage["days_after"]) < 0) != (stage["speaks_while"] == "open")]
    assert wrong == []


def test_the_name_of_a_stage_says_its_days() -> None:
    misnamed = [
        stage
        for stage in STAGES
        if stage["counted_from"] != "cure_ends_on" and stage["stage"] != f"T{int(stage['days_after']):+d}"
    ]
    assert misnamed == []
