"""Every legal rule at its boundary, on both sides, as told by dbt's unit tests."""

from typing import Any


def test_every_legal_rule_holds_on_both_sides_of_its_boundary(project: Any) -> None:
    result = project.run("test", "--select", "test_type:unit")

    failed = [f"{node.node.name}: {node.message}" for node in result.result if node.status != "pass"]
    assert not failed, "\n\n".join(failed)
    assert len(result.result.results) > 50
