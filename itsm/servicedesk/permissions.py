"""What this app gives to the standard roles.

Colleagues report and follow their own incidents; they hold no right to see incidents, and none at all on notes.
Mailboxes are the administrators' alone, since the server calls the host that stands there.
"""

from backoffice.access.roles import grant

RIGHTS = [("incident", "report_incident", "Can report incidents and follow the own ones")]

VERBS = ("assign", "take", "prioritise", "wait", "resume", "reply", "resolve", "reopen", "close")
SEEN = " ".join(
    f"servicedesk.view_{model}"
    for model in (
        "incident", "incidentasset", "message", "internalnote", "clock", "segment", "clockwarning", "team", "service",
        "priorityrule", "servicelevel", "target",
    )
)  # fmt: skip
PAPERS = "documents.view_attachment documents.add_attachment"
REPORT = "servicedesk.report_incident servicedesk.add_incident servicedesk.view_service"
MASTERS = " ".join(
    f"servicedesk.{action}_{model}"
    for model in ("team", "service", "priorityrule", "servicelevel", "target")
    for action in ("view", "add", "change")
)
MAIL = "servicedesk.view_mailbox servicedesk.add_mailbox servicedesk.change_mailbox servicedesk.view_receivedmail"

grant(
    "it-agent",
    by="servicedesk",
    rights=f"{SEEN} {REPORT} {PAPERS} {' '.join(f'servicedesk.{verb}_incident' for verb in VERBS)} "
    "servicedesk.add_internalnote servicedesk.add_incidentasset workcal.view_calendar access.view_user",
    name="IT agent",
    description="Answers and resolves incidents, keeps equipment and hands it over.",
)
grant(
    "member",
    by="servicedesk",
    rights=f"{REPORT} {PAPERS} servicedesk.reply_incident servicedesk.reopen_incident servicedesk.close_incident",
)
grant("administrator", by="servicedesk", rights=f"{MASTERS} {MAIL}")
