"""What can stop the receiving room, told in Chinese and English to the person who can put it right."""


class IngestionError(Exception):
    """A state of the world in which a night can't go on; a message in both languages says what to do."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the message in Chinese (``zh``) and in English (``en``)."""
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class InboxUnavailableError(IngestionError):
    """The inbox does not exist, or a file in it can't be listed or read."""


class HomeNotWritableError(IngestionError):
    """The home, where the pipeline keeps everything, can't be written."""
