"""Opening, judging, giving away, waiting, resolving and reopening."""

from datetime import timedelta

import pytest
import time_machine

from backoffice.core.errors import Refused
from backoffice.messaging.models import OutgoingMail
from itsm.servicedesk import conversing, handling, hooks, opening, queries, resolving, setting_up, tasks
from itsm.servicedesk.models import Incident, IncidentAsset, PriorityRule, Service, Team
from tests.factories_assets import a_laptop, an_asset
from tests.factories_desk import (
    a_calendar,
    a_colleague,
    a_level,
    a_service,
    a_team,
    again,
    an_agent,
    an_incident,
    at,
    clock,
    travel,
)
from tests.fixtures_world import a_company, a_user, all_rights


def resolved(incident, by, **fields):
    fields = {"service": a_service(incident.company), "cause": "software", "solution": "Driver 8.1 again.", **fields}
    return resolving.resolve(incident, by=by, **fields)


def test_an_incident_has_number_team_priority_and_is_confirmed(company, owen, ben):
    first, second = an_incident(company, owen), an_incident(company, owen, impact="medium", urgency="high")

    assert (first.number, second.number) == ("INC-0001", "INC-0002")
    assert (first.team, first.requester, first.state) == (a_team(company), owen, "new")
    assert (first.priority, second.priority) == (4, 2)
    assert OutgoingMail.objects.filter(address=owen.email).count() == 2
    assert ben.notices.count() == 2


def test_every_company_counts_its_own_incidents(company, owen):
    other = a_company("Elsewhere Ltd")
    an_incident(company, owen)

    assert an_incident(other, a_colleague(other, "Ann Other")).number == "INC-0001"


def test_the_matrix_of_the_company_decides_the_priority(company, owen):
    PriorityRule.objects.create(company=company, impact="low", urgency="low", priority=2)

    assert an_incident(company, owen, urgency="low").priority == 2


def test_a_key_service_and_many_reports_raise_the_impact(company, owen):
    assert an_incident(company, owen, service=a_service(company, "Till", is_key=True)).impact == "high"
    mail = a_service(company, "E-mail")
    impacts = [an_incident(company, a_colleague(company, f"Reporter {n}"), service=mail).impact for n in range(3)]
    assert impacts == ["low", "low", "medium"]


def test_a_desk_without_a_team_says_so(company, owen):
    incident = Incident(company=company, subject="Anything", text="Words")

    with pytest.raises(Refused):
        opening.enter(incident, by=owen)


def test_it_is_given_to_people_of_the_desk_only(company, owen, ben):
    incident = an_incident(company, owen)
    accounts = Team.objects.create(company=company, name="Accounts")

    handling.assign(incident, by=ben, team=accounts, agent=ben)
    assert (incident.state, incident.team, incident.agent) == ("assigned", accounts, ben)
    for wrong in ({}, {"agent": owen}, {"team": Team.objects.create(company=a_company("Other Ltd"), name="X")}):
        with pytest.raises(Refused):
            handling.assign(incident, by=ben, **wrong)


def test_a_priority_by_hand_needs_a_reason_and_is_told(company, owen, ben):
    incident = an_incident(company, owen)
    with pytest.raises(Refused):
        handling.prioritise(incident, by=ben, priority=1)

    handling.prioritise(incident, by=ben, priority=1, reason="The carrier comes at one.")

    assert (incident.priority, incident.priority_reason) == (1, "The carrier comes at one.")
    handling.prioritise(incident, by=ben, urgency="low")
    assert (incident.priority, incident.priority_reason) == (5, "")


def test_what_it_waits_for_is_one_of_three(company, owen, ben):
    incident = an_incident(company, owen)
    handling.take(incident, by=ben)
    for wrong in ("", "weather"):
        with pytest.raises(Refused):
            handling.wait(incident, by=ben, waits_for=wrong)
    handling.wait(incident, by=ben, waits_for="change")

    handling.resume(incident, by=ben)

    assert (incident.state, incident.waits_for) == ("in_progress", "")


def test_the_requesters_word_ends_the_wait_for_it(company, owen, ben):
    incident = an_incident(company, owen)
    handling.take(incident, by=ben)
    handling.wait(incident, by=ben, waits_for="user")

    conversing.reply(incident, by=owen, text="It is the one at the window.")

    assert again(incident).state == "in_progress"


def test_resolving_asks_for_service_cause_and_solution(company, owen, ben):
    incident = an_incident(company, owen)
    for missing in ({"service": None}, {"cause": "magic"}, {"solution": " "}):
        with pytest.raises(Refused):
            resolved(incident, ben, **missing)

    resolved(incident, ben)

    assert (again(incident).state, again(incident).agent) == ("resolved", ben)
    assert "Driver 8.1 again." in OutgoingMail.objects.filter(address=owen.email).first().text


def test_the_requester_reopens_in_time_and_reports_anew_later(company, owen, ben):
    a_level(company, reopen_days=3)
    with travel(2, 9):
        incident = an_incident(company, owen)
        resolved(incident, ben)
    with travel(4, 9):
        resolving.reopen(incident, by=owen, reason="Blank again.")
        resolved(incident, ben)
    with travel(9, 9), pytest.raises(Refused, match="more than 3 days"):
        resolving.reopen(incident, by=owen, reason="Blank again.")

    assert again(incident).reopened == 1


def test_what_was_resolved_closes_by_itself_after_the_days_of_its_level(company, owen, ben):
    a_level(company, close_days=5)
    with travel(2, 9):
        incident = an_incident(company, owen)
        resolved(incident, ben)

    for day, state in ((6, "resolved"), (8, "closed")):
        with travel(day, 9):
            tasks.sweep()
        assert again(incident).state == state


def test_the_requester_says_that_it_works(company, owen, ben):
    incident = resolved(an_incident(company, owen), ben)

    resolving.close(incident, by=owen)

    assert incident.state == "closed"
    with pytest.raises(Refused):
        conversing.reply(incident, by=owen, text="Thanks")


def test_equipment_is_linked_once_and_only_of_the_own_company(company, owen):
    ben = an_agent(company, "Bea Agent")
    keeper = a_user("Kim Keeper", *all_rights("assets", "catalogue"), company=company)
    incident, laptop = an_incident(company, owen), an_asset(company, by=keeper, item=a_laptop(company))

    for _twice in range(2):
        handling.link(incident, laptop, by=ben)

    assert IncidentAsset.objects.count() == 1


def test_what_was_seen_before_is_of_the_same_service_and_shares_words(company, owen, ben):
    service = a_service(company)
    like = resolved(an_incident(company, owen, "Printers print blank labels", service=service), ben)
    resolved(an_incident(company, owen, "Scanner is dead", service=service), ben)
    incident = an_incident(company, owen, "Label printers print blank labels", service=service)

    assert queries.seen_before(incident, ben) == [like]


def test_several_at_once_take_one_incident_once(company, owen, ben):
    lea = an_agent(company, "Lea Lead")
    incident, same = an_incident(company, owen), None
    same = again(incident)
    handling.take(incident, by=ben)

    with pytest.raises(Refused):
        handling.take(same, by=lea)
    assert again(incident).agent == ben


def test_two_breaks_in_a_long_clock_are_left_out(company, owen, ben):
    a_level(company)
    with travel(23, 9):
        incident = an_incident(company, owen)
        handling.take(incident, by=ben)
    for hour in (10, 12):
        with travel(23, hour):
            handling.wait(incident, by=ben, waits_for="user")
        with time_machine.travel(at(23, hour) + timedelta(minutes=30), tick=False):
            handling.resume(incident, by=ben)

    assert clock(incident).due_at == at(23, 14)


def test_words_of_a_mail_are_heard_as_those_of_their_writer(company, owen, ben):
    incident = an_incident(company, owen)
    words = conversing.Words("It is LPR-014.", "requester", "Owen Hughes", owen.email, "<one@owen>", owen)

    conversing.hear(incident, by=owen, words=words)

    message = incident.messages.get()
    assert (message.by, message.message_id, message.channel) == (owen, "<one@owen>", "email")


def test_only_what_is_resolved_lapses(company, owen, ben):
    incident = an_incident(company, owen)
    with pytest.raises(Refused):
        resolving.lapse(incident, by=resolving.THE_SYSTEM)

    resolved(incident, ben)
    resolving.lapse(incident, by=resolving.THE_SYSTEM)

    assert incident.state == "closed"
    assert incident.closed_at is not None


def test_a_new_desk_can_resolve_at_once(company, owen):
    lea, always = a_user("Lea Lang", *all_rights("servicedesk"), company=company), a_calendar(company)
    setting_up.install(company, always, always)
    (service,) = Service.objects.filter(company=company)
    incident = an_incident(company, owen)
    resolving.resolve(incident, by=lea, cause="software", solution="Driver 8.1 again.", service=service)
    assert (incident.state, incident.service.name) == ("resolved", "Something else")


def test_what_came_to_a_team_without_members_is_in_everybodys_work(company, owen, ben):
    incident = an_incident(company, owen)
    lea = a_user("Lea Lang", *all_rights("servicedesk"), company=company)
    assert not hooks.for_agent(lea).exists()

    a_team(company).members.clear()
    assert list(hooks.for_agent(lea)) == list(hooks.for_agent(ben)) == [incident]
