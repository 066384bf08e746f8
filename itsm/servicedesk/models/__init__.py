"""The facts of the service desk: who answers for what, incidents and their words, clocks, mail that comes in."""

from itsm.servicedesk.models.clocks import Clock, ClockWarning, Metric, Segment
from itsm.servicedesk.models.incidents import (
    Impact,
    Incident,
    IncidentAsset,
    InternalNote,
    Message,
    Priority,
    Series,
    Urgency,
)
from itsm.servicedesk.models.levels import PriorityRule, ServiceLevel, Target
from itsm.servicedesk.models.mail import Mailbox, ReceivedMail
from itsm.servicedesk.models.teams import Service, Team

__all__ = [
    "Clock",
    "ClockWarning",
    "Impact",
    "Incident",
    "IncidentAsset",
    "InternalNote",
    "Mailbox",
    "Message",
    "Metric",
    "Priority",
    "PriorityRule",
    "ReceivedMail",
    "Segment",
    "Series",
    "Service",
    "ServiceLevel",
    "Target",
    "Team",
    "Urgency",
]
