"""What can go wrong with outside sources. What the outside alone can mend is an outcome."""

from ingestion.errors import IngestionError


class SourceConfigurationError(IngestionError):
    """The file of sources says something that can't be followed; the message names every place."""


class AnswerUnreadableError(Exception):
    """An answer arrived whole but isn't what its format says; the attempt fails and the old answer stays.

    ``case_id`` is one of the seed ``source_messages``, ``detail`` what was found, in a library's own words or
    ours, for people.
    """

    def __init__(self, case_id: str, detail: str) -> None:
        super().__init__(f"{case_id}: {detail}")
        self.case_id = case_id
        self.detail = detail
