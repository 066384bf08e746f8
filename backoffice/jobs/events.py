"""What jobs tell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobEnded:
    """A job was done, failed for good or was cancelled."""

    job_id: int
    kind: str
    state: str
