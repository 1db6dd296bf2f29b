"""What can go wrong with alerts that a person can mend. Every message is Chinese, then English."""


class AlertingError(Exception):
    """Alerts can't be kept or delivered; the message says what, where and what to do, and holds no secret."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class OutboxUnusableError(AlertingError):
    """The outbox's file can't be opened, read or written, is damaged, or was written by a newer version."""


class NotifierConfigurationError(AlertingError):
    """The file of notifiers says something that can't be followed; the message names every place."""


class NotifierCrashedError(AlertingError):
    """A notifier failed in a way that is a fault of the program; all other recipients were served."""

    def __init__(self, recipient: str, detail: str) -> None:
        super().__init__(
            f"向 {recipient} 发送时程序出错：{detail}。其他收件方已照常发送，此消息将再试。",
            f"Sending to {recipient} failed through a fault of the program: {detail}. Other recipients were "
            "served; the message is tried again.",
        )
