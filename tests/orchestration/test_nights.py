"""Nights, whole: what is published, what blocks, what a failure leaves behind. Real files, dbt, Dagster."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from orchestration.assets import require_verdict
from orchestration.dbt_manifest import DBT_PROJECT
from orchestration.errors import DbtFailedError, NightFailedError
from orchestration.home import Home
from orchestration.nightly_run import NightReport, run_night
from orchestration.open_night import open_night
from orchestration.settings import Settings
from publication.mart_contracts import mart_contracts
from publication.releases import current_release

COOPZONES = Path(sys.executable).parent / "coopzones"
AS_OF = "2026-06-30T09:00:00+08:00"


@pytest.fixture(scope="session")
def small_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "inbox"
    write_sample_inbox(folder, SampleShape(zones=6, enterprises=6), SilentProgress())
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of the dbt project that a test may spoil."""
    return Path(shutil.copytree(DBT_PROJECT, tmp_path / "dbt_project"))


def night(home: Path, inbox: Path, project: Path = DBT_PROJECT) -> NightReport:
    """Run a night as the command line does, in this process."""
    settings = Settings(home=home, inbox=str(inbox), as_of=AS_OF)  # type: ignore[arg-type]
    with open_night(settings, SilentProgress(), project) as opened:
        return run_night(opened, SilentProgress())


def coopzones(*arguments: str, home: Path, inbox: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [COOPZONES, *arguments], env=environment(home, inbox), capture_output=True, text=True, check=False
    )


def environment(home: Path, inbox: Path) -> dict[str, str]:
    stated = {"COOPZONES_HOME": str(home), "COOPZONES_INBOX": str(inbox), "COOPZONES_AS_OF": AS_OF}
    return {**os.environ, **stated}


def rows(release: Path) -> dict[str, int]:
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        marts = [mart for (mart,) in tables.fetchall()]
        return {mart: connection.table(f"marts.{mart}").shape[0] for mart in sorted(marts)}


def test_an_inbox_that_does_not_exist_is_named_and_nothing_is_published(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NightFailedError, match="COOPZONES_INBOX") as caught:
        night(home, tmp_path / "absent")
    assert str(tmp_path / "absent") in str(caught.value)
    assert "There was no release before" in str(caught.value)
    assert current_release(home) is None


@pytest.mark.slow
def test_the_command_line_says_so_of_an_absent_inbox_and_leaves_with_1(home: Path, tmp_path: Path) -> None:
    done = coopzones("run", home=home, inbox=tmp_path / "absent")
    assert done.returncode == 1
    assert "COOPZONES_INBOX" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_night_publishes_shows_its_steps_and_can_be_rolled_back(home: Path, small_inbox: Path) -> None:
    first = coopzones("run", home=home, inbox=small_inbox)
    assert first.returncode == 0, first.stderr
    for shown in ("✓ read", "✓ judge", "(dbt)", "Great Expectations", "发布 release 1"):
        assert shown in first.stdout
    current = home / "releases" / "current"
    for opened in ("coopzones.duckdb", "site/index.html", "handbook/index.html", "dbt_docs/index.html"):
        assert str(current / opened) in first.stdout
        assert (current / opened).is_file()
    assert first.stderr == ""

    second = coopzones("run", home=home, inbox=small_inbox)
    assert second.returncode == 0, second.stderr
    assert "发布 release 2" in second.stdout
    grows = {"releases", "findings_by_release"}
    first_rows, second_rows = (rows(home / "releases" / number) for number in ("1", "2"))
    assert {mart for mart in first_rows if first_rows[mart] != second_rows[mart]} == grows
    assert second_rows["changes_since_last_release"] == 0
    assert "changed since the last release  0 (1 → 2)" in second.stdout

    assert "*      2  as of 2026-06-30 09:00:00" in coopzones("releases", home=home, inbox=small_inbox).stdout
    assert coopzones("rollback", home=home, inbox=small_inbox).returncode == 0
    assert current_release(home) == home / "releases" / "1"


@pytest.mark.slow
def test_a_night_is_a_run_on_dagsters_own_instance_with_every_check_and_asset(
    home: Path, small_inbox: Path
) -> None:
    night(home, small_inbox)
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        [run] = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.SUCCESS
        release = instance.get_latest_materialization_event(dg.AssetKey("release"))
        assert release is not None
        events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        planned = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED)
    assert len(events) == len(planned) > 100


@pytest.mark.slow
def test_an_empty_inbox_publishes_marts_without_zones(home: Path, empty_inbox: Path) -> None:
    report = night(home, empty_inbox)
    assert report.night.summary.submissions == 0
    counted = rows(report.folder)
    assert counted["zones"] == counted["submissions"] == counted["quality_failures"] == 0
    assert counted["parameters_in_force"] > 0


@pytest.fixture(scope="module")
def published(small_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with a release, whose next nights the tests spoil."""
    root = tmp_path_factory.mktemp("published") / "home"
    night(root, small_inbox)
    return root


@pytest.mark.slow
def test_a_release_explains_itself_without_naming_the_machine(published: Path) -> None:
    release = current_release(published)
    assert release is not None
    for page in ("handbook/index.html", "handbook/index.en.html", "dbt_docs/index.html"):
        text = (release / page).read_text(encoding="utf-8")
        assert "re_review_dossiers" in text
        assert str(published) not in text
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        answered = [mart.name for mart in mart_contracts() if connection.execute(mart.example.sql).fetchall()]
    assert {"zones", "metrics", "quality_failures", "eligibility_criteria"} <= set(answered)


@pytest.mark.slow
def test_the_first_page_shows_the_figures_of_the_marts(published: Path) -> None:
    release = current_release(published)
    assert release is not None
    text = (release / "site" / "index.en.html").read_text(encoding="utf-8")
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        told = dict(
            connection.execute(
                "select metric_code, cast(value as bigint) from marts.metrics"
                " where dimension = 'all' and unit = 'count'"
            ).fetchall()
        )
        counted = connection.execute(
            "select (select count(*) from marts.zones where is_designated),"
            " (select count(*) from marts.quality_failures where disposition = 'open')"
        ).fetchone()
    assert counted == (told["zones_designated"], told["open_findings"])
    assert f"designated: {told['zones_designated']:,}" in text


Spoil = Callable[[Path], object]


def fail_a_dbt_test(project: Path) -> None:
    (project / "tests" / "no_zone_may_stand.sql").write_text(
        "select zone_id from {{ ref('zones') }}", encoding="utf-8"
    )


def lose_a_criterion(project: Path) -> None:
    """Let every assessment lose one criterion, which no dbt test looks at."""
    model = project / "models" / "marts" / "eligibility_criteria.sql"
    sql = model.read_text(encoding="utf-8")
    first = f"(select min(criterion_id) from ({sql}) as again)"
    model.write_text(f"select * from ({sql}) as whole where criterion_id <> {first}", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (fail_a_dbt_test, "zones · no_zone_may_stand"),
        (lose_a_criterion, "eligibility_criteria · assessments_have_the_criteria_of_their_year"),
    ],
)
def test_a_failed_blocking_check_is_named_and_the_old_release_stands(
    published: Path, small_inbox: Path, project: Path, spoil: Spoil, named: str
) -> None:
    spoil(project)
    before = current_release(published)
    with pytest.raises(NightFailedError) as caught:
        night(published, small_inbox, project)
    assert named in str(caught.value)
    assert before is not None
    assert f"Release {before.name} still stands" in str(caught.value)
    assert current_release(published) == before
    with pytest.raises(NightFailedError, match="has not passed every blocking check"):
        require_verdict(Home(published))
    with dg.DagsterInstance.from_config(str(Home(published).dagster)) as instance:
        assert instance.get_runs(limit=1)[0].status is dg.DagsterRunStatus.FAILURE


@pytest.mark.slow
def test_a_model_that_errs_is_a_defect_and_the_old_release_stands(
    published: Path, small_inbox: Path, project: Path
) -> None:
    (project / "models" / "marts" / "zones.sql").write_text(
        "select no_such_column from nowhere", encoding="utf-8"
    )
    before = current_release(published)
    with pytest.raises(DbtFailedError, match="zones"):
        night(published, small_inbox, project)
    assert current_release(published) == before


@pytest.mark.slow
def test_after_runs_killed_at_one_moment_after_another_the_next_run_just_works(
    published: Path, small_inbox: Path, history_marts: frozenset[str]
) -> None:
    shutil.rmtree(published / "lake")
    before = current_release(published)
    assert before is not None
    for moment in ("✓ receive", "✓ read", "✓ judge", "(dbt)"):
        kill_when_said(moment, published, small_inbox)
        assert current_release(published) == before

    done = coopzones("run", home=published, inbox=small_inbox)
    assert done.returncode == 0, done.stderr
    after = current_release(published)
    assert after is not None
    assert after != before
    made, stood = rows(after), rows(before)
    assert {mart for mart in made if made[mart] != stood[mart]} <= history_marts


def kill_when_said(moment: str, home: Path, inbox: Path) -> None:
    """Start ``coopzones run`` and SIGKILL it, alone, as soon as it prints ``moment``."""
    with subprocess.Popen(  # noqa: S603
        [COOPZONES, "run"], env=environment(home, inbox), stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if moment in line:
                run.send_signal(signal.SIGKILL)
                break
        assert run.wait() == -signal.SIGKILL
