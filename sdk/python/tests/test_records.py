"""Records and collections that jobs ask the host for."""

import copy
import pickle
import re
import sys
import types
from datetime import datetime, timezone

import pytest

from windlass import _ask, _exceptions, jobs
from windlass._model import TYPES
from windlass._models import FileProxy, GitRepository, Job, JobQueue, JobResult, User
from windlass._records import Record


class FakeHost:
    """Answers questions about records as the host does, and keeps them."""

    def __init__(self):
        self.objects = []
        self.asked = []

    def ask(self, question, **members):
        self.asked.append(members)
        objects = self.objects
        if "id" in members["filters"]:
            objects = [fields for fields in objects if fields["id"] in members["filters"]["id"]]
        offset = members["offset"]
        page = objects[offset : offset + members["limit"]]
        return {"count": len(objects), "objects": page}

    @property
    def filters(self):
        return self.asked[-1]["filters"]


@pytest.fixture
def host(monkeypatch):
    fake = FakeHost()
    fake.objects = [{"id": "i%d" % n, "display": "D%d" % n, "name": "n%d" % n} for n in range(5)]
    monkeypatch.setattr(_ask, "ask", fake.ask)
    return fake


RESULT = {
    "id": "r1",
    "object_type": "extras.jobresult",
    "display": "Back up",
    "url": "/api/extras/job-results/r1/",
    "name": "Back up",
    "status": {"value": "FAILURE", "label": "FAILURE"},
    "date_created": "2026-11-23T21:58:39.111195Z",
    "date_done": "2026-11-23T21:58:40Z",
    "date_started": None,
    "result": {"id": "x", "value": 1},
    "job_model": {"id": "j1", "object_type": "extras.job", "url": "/api/extras/jobs/j1/"},
    "user": None,
}


def test_fields_are_attributes(host):
    host.objects = [RESULT, {"id": "j1", "display": "J", "class_path": "a.B"}]
    result = JobResult.objects.get(id="r1")
    assert (result.id, result.pk, result.name, str(result)) == ("r1", "r1", "Back up", "Back up")
    assert result.status is jobs.JobResultStatusChoices.STATUS_FAILURE
    assert result.date_created == datetime(2026, 11, 23, 21, 58, 39, 111195, timezone.utc)
    assert (result.date_done - result.date_created).total_seconds() == 0.888805
    assert (result.date_started, result.user, result.user_id) == (None, None, None)
    assert result.result == {"id": "x", "value": 1}
    assert result.get_absolute_url() == "/api/extras/job-results/r1/"
    asked = len(host.asked)
    assert (result.job_model.id, result.job_model_id, type(result.job_model)) == ("j1", "j1", Job)
    assert len(host.asked) == asked
    assert result.job_model.class_path == "a.B"
    assert host.asked[-1] == {
        **{"object_type": "extras.job", "filters": {"id": ["j1"]}, "limit": 1000, "offset": 0}
    }
    with pytest.raises(
        AttributeError, match=r"a JobResult has no nome, only id, object_type, disp"
    ):
        result.nome  # noqa: B018


def test_a_plain_status_is_known_too(host):
    host.objects = [dict(RESULT, status="SUCCESS")]
    assert JobResult.objects.first().status is jobs.JobResultStatusChoices.STATUS_SUCCESS


def test_records_are_equal_by_id(host):
    one, other = JobResult._at("a"), JobResult._at("a", {"id": "a"})
    assert one == other and hash(one) == hash(other) and len({one, other}) == 1
    assert one != JobResult._at("b") and one != Job._at("a") and one != "a"
    given = User._of_run("u1", username="admin")
    assert User._at("u1") == given and given == User._at("u1") and User._at("u2") != given
    assert host.asked == []


def test_records_survive_copies(host):
    for twin in (copy.copy(Job._at("i1")), pickle.loads(pickle.dumps(Job._at("i1")))):
        assert (twin.id, twin.name) == ("i1", "n1")


def test_refresh_looks_again(host):
    record = Job.objects.get(id="i1")
    host.objects[1]["name"] = "renamed"
    host.objects[1] = dict(host.objects[1], name="new")
    assert record.name == "renamed"
    record.refresh_from_db()
    assert record.name == "new"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Job(name="x"),
        lambda: Job._at("a").save(),
        lambda: Job._at("a").validated_save(),
        lambda: Job._at("a").delete(),
        lambda: Job.objects.create(name="x"),
        lambda: Job.objects.filter(name="x").update(name="y"),
        lambda: Job.objects.all().delete(),
        lambda: Job.objects.bulk_create([]),
        lambda: Job.objects.get_or_create(name="x"),
        lambda: setattr(Job._at("a"), "name", "x"),
    ],
)
def test_records_are_read_only(host, change):
    with pytest.raises(
        (TypeError, AttributeError), match=r"read-only from a job.*/api/extras/jobs/"
    ):
        change()
    assert host.asked == []


def test_no_class_may_derive_from_the_record_of_a_job():
    with pytest.raises(TypeError, match=r"inherits from nautobot\.extras\.models\.Job"):
        type("Mine", (Job,), {})
    with pytest.raises(TypeError, match=r"inherits from nautobot\.extras\.models\.Job"):
        jobs.register_jobs(Job)


def test_get_wants_exactly_one(host):
    with pytest.raises(Job.DoesNotExist, match=r"There is no Job with id='nope'\."):
        Job.objects.get(id="nope")
    with pytest.raises(Job.MultipleObjectsReturned, match=r"More than one Job has name='n'\."):
        Job.objects.get(name="n")
    assert host.asked[-1]["limit"] == 2
    assert not issubclass(Job.DoesNotExist, JobResult.DoesNotExist)


def test_djangos_exceptions_catch_ours_where_it_is_loaded(host, monkeypatch):
    peers = types.ModuleType("django.core.exceptions")
    for name in ("ObjectDoesNotExist", "MultipleObjectsReturned"):
        setattr(peers, name, type(name, (Exception,), {}))
    monkeypatch.setitem(sys.modules, "django.core.exceptions", peers)
    for kind in (peers.ObjectDoesNotExist, Job.DoesNotExist, _exceptions.ObjectDoesNotExist):
        with pytest.raises(kind):
            Job.objects.get(id="nope")
    for kind in (peers.MultipleObjectsReturned, Job.MultipleObjectsReturned):
        with pytest.raises(kind):
            Job.objects.get()


WHEN = datetime(2026, 1, 2, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "lookups, filters",
    [
        ({"status": "FAILURE"}, {"status": ["FAILURE"]}),
        ({"status__exact": "FAILURE", "name": "x"}, {"status": ["FAILURE"], "name": ["x"]}),
        ({"status__in": ["A", "B"]}, {"status": ["A", "B"]}),
        ({"pk": "a"}, {"id": ["a"]}),
        ({"pk__in": ("a", "b")}, {"id": ["a", "b"]}),
        ({"name__icontains": "x"}, {"name__ic": ["x"]}),
        ({"name__ic": "x"}, {"name__ic": ["x"]}),
        ({"name__n": "x"}, {"name__n": ["x"]}),
        ({"date_created__gte": WHEN}, {"date_created__gte": ["2026-01-02T00:00:00+00:00"]}),
        ({"date_created__lte": "2026-01-02"}, {"date_created__lte": ["2026-01-02"]}),
        ({"job_model": Job._at("j")}, {"job_model": ["j"]}),
        ({"job_model_id": "j"}, {"job_model": ["j"]}),
        ({"job_model__id": "j"}, {"job_model": ["j"]}),
        ({"job_model__pk__in": ["j"]}, {"job_model": ["j"]}),
        ({"job_model__name": "J"}, {"job_model": ["J"]}),
        ({"job_model__class_path": "a.B"}, {"job_model": ["a.B"]}),
        ({"user__username": "admin"}, {"user": ["admin"]}),
        ({"user": Record("id", id="u")}, {"user": ["u"]}),
        ({"attempt": 2, "ok": True, "no": False}, {"attempt": ["2"], "ok": ["true"], "no": ["false"]}),
        ({"id": __import__("uuid").UUID(int=1)}, {"id": ["00000000-0000-0000-0000-000000000001"]}),
    ],
)  # fmt: skip
def test_filters_become_those_of_the_lists(host, lookups, filters):
    list(JobResult.objects.filter(**lookups))
    assert host.filters == filters


@pytest.mark.parametrize(
    "lookups, filters",
    [
        ({"status": "FAILURE"}, {"status__n": ["FAILURE"]}),
        ({"status__in": ["A", "B"]}, {"status__n": ["A", "B"]}),
        ({"status__n": "A"}, {"status": ["A"]}),
        ({"name__in": []}, {}),
    ],
)
def test_exclusions_too(host, lookups, filters):
    list(JobResult.objects.exclude(**lookups))
    assert host.filters == filters


def test_conditions_add_up(host):
    some = JobResult.objects.filter(status__in=["A", "B"]).exclude(name="x").exclude(name="y")
    list(some.filter(status="B", date_created__gte="1").filter(date_created__gte="2"))
    assert host.filters == {
        "status": ["B"],
        "name__n": ["x", "y"],
        "date_created__gte": ["1", "2"],
    }
    list(some)
    assert host.filters["status"] == ["A", "B"]
    asked = len(host.asked)
    for nothing in (
        some.filter(status="C"),
        some.filter(id__in=[]),
        some.none(),
        some.none().filter(a=1),
        some.filter(id__in=Job.objects.none()),
    ):
        assert (list(nothing), nothing.count(), nothing.exists()) == ([], 0, False)
    assert len(host.asked) == asked


@pytest.mark.parametrize(
    "use, told",
    [
        (lambda q: q.filter(user__isnull=True), "filter(user__isnull=…) is not available"),
        (lambda q: q.filter(name__startswith="x"), "filter(name__startswith=…) is not available"),
        (lambda q: q.filter(date_created__gt="x"), "filter(date_created__gt=…) is not available"),
        (lambda q: q.filter(job_model__user__name="x"), "is not available"),
        (lambda q: q.filter(user=None), "a time or a record, got None"),
        (lambda q: q.filter(user=[1]), "a time or a record, got list"),
        (lambda q: q.filter(name__in="abc"), "wants a list of values, got str ('abc')"),
        (lambda q: q.filter(name__ic="x").filter(name__ic="y"), "one condition name__ic"),
        (lambda q: q.filter(object()), "Q objects are not available"),
        (lambda q: q.exclude(a=1, b=2), "one condition at a time"),
        (lambda q: q.exclude(name__icontains="x"), "exclude(name__icontains=…) is not available"),
        (lambda q: q.order_by("a", "b"), "one field"),
        (lambda q: q.values_list("a", "b", flat=True), "takes one field"),
        (lambda q: q.values_list(flat=True), "takes one field"),
        (lambda q: q[:2].filter(name="x"), "once a slice has been taken"),
        (lambda q: q[1:].order_by("name"), "once a slice has been taken"),
        (lambda q: q[-1], "negative places are not available"),
        (lambda q: q[:-1], "negative places are not available"),
    ],
)
def test_what_the_lists_do_not_have_is_refused(host, use, told):
    with pytest.raises((ValueError, TypeError), match=re.escape(told)):
        use(JobResult.objects)
    assert host.asked == []


def test_what_the_host_refuses_is_a_value_error(host, monkeypatch):
    def refuse(question, **members):
        raise _ask.Refused({"code": "c", "message": "No.", "fields": {"nome": ["Unknown filter"]}})

    monkeypatch.setattr(_ask, "ask", refuse)
    told = "JobResult.objects: No. (nome: Unknown filter)"
    with pytest.raises(ValueError, match=re.escape(told)):
        list(JobResult.objects.filter(nome=1))


def names(records):
    return [record.name for record in records]


def test_collections_are_lazy_and_keep_what_they_found(host):
    some = Job.objects.filter(a="b").order_by("-name").all()
    assert host.asked == []
    assert names(some) == names(some) == ["n0", "n1", "n2", "n3", "n4"]
    assert (len(some), some.count(), some[1].name, bool(some)) == (5, 5, "n1", True)
    assert Job._at("i3") in some and names(some[3:]) == ["n3", "n4"]
    assert host.asked == [
        {
            "object_type": "extras.job",
            "filters": {"a": ["b"]},
            "sort": "-name",
            "limit": 1000,
            "offset": 0,
        }
    ]
    list(some.all())
    assert len(host.asked) == 2


def test_slices_ask_for_no_more_than_they_need(host):
    some = Job.objects.all()
    assert names(some[1:3]) == ["n1", "n2"]
    assert (host.asked[-1]["offset"], host.asked[-1]["limit"]) == (1, 2)
    assert some[4].name == "n4"
    assert (host.asked[-1]["offset"], host.asked[-1]["limit"]) == (4, 1)
    assert names(some[1:][1:3]) == ["n2", "n3"]
    assert names(some[1:4][1:9]) == ["n2", "n3"]
    assert names(some[::2]) == ["n0", "n2", "n4"]
    assert names(some[3:1]) == names(some[7:]) == []
    assert (some[1:4].count(), some[3:9].count(), some[7:].count()) == (3, 2, 0)
    with pytest.raises(IndexError):
        some[5]


def test_ends(host):
    assert (Job.objects.first().name, Job.objects.last().name) == ("n0", "n4")
    host.objects = []
    assert (Job.objects.first(), Job.objects.last(), Job.objects.exists()) == (None, None, False)


def test_pages_of_a_thousand_at_most(host):
    host.objects = [{"id": str(n)} for n in range(2500)]
    assert len(list(Job.objects.iterator())) == 2500
    pages = [(asked["offset"], asked["limit"]) for asked in host.asked]
    assert pages == [(0, 1000), (1000, 1000), (2000, 1000)]
    host.asked.clear()
    assert len(Job.objects.all()[500:2200]) == 1700
    pages = [(asked["offset"], asked["limit"]) for asked in host.asked]
    assert pages == [(500, 1000), (1500, 700)]


def test_values(host):
    host.objects = [RESULT]
    some = JobResult.objects.all()
    assert list(some.values("id", "job_model", "status")) == [
        {"id": "r1", "job_model": "j1", "status": "FAILURE"}
    ]
    assert list(some.values_list("pk", "user")) == [("r1", None)]
    assert list(some.values_list("name", flat=True)) == ["Back up"]
    assert set(some.values().first()) == set(RESULT)
    assert some.values_list("name", flat=True).get() == "Back up"
    with pytest.raises(AttributeError, match="has no nome"):
        list(some.values("nome"))


def test_in_bulk(host):
    assert set(Job.objects.in_bulk()) == {"i0", "i1", "i2", "i3", "i4"}
    found = Job.objects.in_bulk(["i1", "gone"])
    assert {id: record.name for id, record in found.items()} == {"i1": "n1"}


def test_calls_that_only_matter_to_django_are_taken(host):
    some = Job.objects.select_related("x").prefetch_related("y").only("z").distinct()
    assert names(some.restrict(object(), "view").defer("a"))[0] == "n0"


def test_each_type_is_asked_for_by_its_name(host):
    for model in (Job, JobResult, JobQueue, FileProxy, GitRepository, User):
        model.objects.count()
        assert TYPES[host.asked[-1]["object_type"]] is model


def test_a_repository_is_a_record_like_the_others(host):
    repository = GitRepository._at("g", {"name": "Net", "last_synced": "2026-01-02T03:04:05.5Z"})
    assert repository.get_absolute_url() == "/api/extras/git-repositories/g/"
    assert (repository.name, repository.last_synced.microsecond) == ("Net", 500_000)
    with pytest.raises(TypeError, match="at /api/extras/git-repositories/"):
        repository.save()


def test_outside_of_a_run_nothing_can_be_asked():
    with pytest.raises(RuntimeError, match="works only while the job runs"):
        Job.objects.first()


JOB = """
from nautobot.extras.models import FileProxy, GitRepository, Job, JobQueue, JobResult
from nautobot.users.models import User
from windlass import jobs

class Call(jobs.Job):
    name = jobs.StringVar(required=False)
    code = jobs.TextVar()
    def run(self, *, code, name=""):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")

jobs.register_jobs(Call)
"""


def test_threads_get_the_answers_to_their_own_questions(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="from concurrent.futures import ThreadPoolExecutor as T\n"
        "with T(4) as t: value = list(t.map(lambda n: [n, User.objects.get(id=str(n)).username], range(20)))",
    )
    for _ in range(20):
        asked = one.receive_type("ask")
        (id,) = asked["filters"]["id"]
        value = {"count": 1, "objects": [{"id": id, "username": int(id)}]}
        one.send({"type": "answer", "ask": asked["ask"], "value": value})
    assert all(number == answer for number, answer in one.result()["result"])


def test_questions_and_files_share_their_numbers(child):
    one = child(JOB)
    code = "self.create_file('a', ''); Job.objects.count(); self.create_file('b', '')"
    one.run("mod.Call", code=code)
    assert one.receive_type("file")["file"] == 1
    one.send({"type": "file_created", "file": 1, "id": "f", "url": "/f"})
    assert one.answer({"count": 0, "objects": []})["ask"] == 2
    assert one.receive_type("file")["file"] == 3
    one.send({"type": "file_created", "file": 3, "id": "f", "url": "/f"})
    assert one.result()["status"] == "SUCCESS"


def test_an_error_answer_is_an_exception_with_its_sentence(child):
    one = child(JOB)
    one.run("mod.Call", code="Job.objects.count()")
    one.answer(error={"code": "storage.busy", "message": "The database is busy."})
    assert one.result()["result"] == {
        "exc_type": "Refused",
        "exc_message": "The database is busy.",
        "exc_module": "windlass.jobs",
    }


def test_a_cancel_strikes_a_job_that_waits_for_an_answer(child):
    one = child(JOB)
    one.run("mod.Call", code="Job.objects.count()")
    one.receive_type("ask")
    one.cancel()
    assert one.result()["reason"] == "cancelled"


def test_a_forked_process_cannot_ask(child):
    one = child(JOB)
    code = "import os\npid = os.fork()\nif not pid:\n    try: Job.objects.count()\n    except RuntimeError: os._exit(7)\n    os._exit(1)\nvalue = os.waitpid(pid, 0)[1] >> 8"
    one.run("mod.Call", code=code)
    assert one.result()["result"] == 7


def test_records_in_what_run_returns_are_references(child):
    one = child(JOB)
    one.run("mod.Call", code="value = {'job': Job._at('j'), 'all': JobResult.objects.all()[:1]}")
    one.answer({"count": 9, "objects": [{"id": "r", "name": "x"}]})
    assert one.result()["result"] == {
        "job": {"id": "j", "object_type": "extras.job", "url": "/api/extras/jobs/j/"},
        "all": [
            {
                "id": "r",
                "object_type": "extras.jobresult",
                "url": "/api/extras/job-results/r/",
            }
        ],
    }


def test_a_record_is_the_object_of_a_log_entry(child):
    one = child(JOB)
    one.run("mod.Call", code="self.logger.info('x', extra={'object': User.objects.first()})")
    one.answer({"count": 1, "objects": [{"id": "u", "display": "admin"}]})
    entry = one.receive_type("log")
    assert (entry["object"], entry["url"]) == ("admin", "/api/users/users/u/")


def test_validate_data_gives_the_inputs_as_run_gets_them(child):
    one = child(JOB + "Call.job = jobs.ObjectVar('extras.job')\nCall.file = jobs.FileVar()\n")
    code = (
        "import io; upload = io.BytesIO(b'x'); upload.name = 'u.csv'\n"
        "got = self.validate_data({'code': ' x ', 'job': Job._at('j')}, files={'file': upload})\n"
        "value = [got['code'], got['job'], got['file'] is upload]"
    )
    one.run("mod.Call", code=code)
    asked = one.answer({"code": "x", "job": "j", "file": {"name": "u.csv", "size": 0}})
    assert asked == {
        **{"type": "ask", "ask": 1, "question": "validate", "class_path": "mod.Call"},
        **{"data": {"code": " x ", "job": "j"}, "files": {"file": {"name": "u.csv", "size": 1}}},
    }
    reference = {"id": "j", "object_type": "extras.job", "url": "/api/extras/jobs/j/"}
    assert one.result()["result"] == ["x", reference, True]


def test_validate_data_raises_the_messages_of_each_field(child):
    one = child(JOB)
    code = (
        "try: Call.validate_data({'x': 1})\n"
        "except jobs.ValidationError as p: value = [p.message_dict, p.messages, dict(p), str(p)]"
    )
    one.run("mod.Call", code=code)
    fields = {"x": ["Unknown."], "code": ["Required.", "Really."]}
    one.answer(error={"code": "job.inputs", "message": "Refused.", "fields": fields})
    messages = ["Unknown.", "Required.", "Really."]
    assert one.result()["result"] == [fields, messages, fields, str(fields)]


def test_validate_data_of_no_dict_is_refused(child):
    one = child(JOB)
    one.run("mod.Call", code="Call.validate_data([1])")
    assert "Job data needs to be a dict, got list." in one.result()["result"]["exc_message"]


def test_djangos_validation_error_catches_ours_where_it_is_loaded(child, vendor):
    package = vendor / "django" / "core"
    package.mkdir(parents=True)
    (package / "exceptions.py").write_text("class ValidationError(Exception): pass\n")
    one = child("import django.core.exceptions\n" + JOB)
    code = (
        "try: Call.validate_data(None)\n"
        "except django.core.exceptions.ValidationError as p: value = p.message_dict"
    )
    one.run("mod.Call", code=code)
    result = one.result()["result"]
    (package / "exceptions.py").unlink()
    package.rmdir()
    package.parent.rmdir()
    assert result == {"__all__": ["Job data needs to be a dict, got NoneType."]}


def test_the_runs_own_records_ask_only_for_what_the_run_does_not_say(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="r = self.job_result; value = [r.status, r.name, r.user == self.user, r.user.id, "
        "r.job_model.name, str(r), str(self.user), isinstance(r, JobResult), "
        "isinstance(self.user, User), isinstance(self.job_model, Job), r is self.job_result]",
    )
    assert one.result()["result"] == [
        *("STARTED", "Call", True, "01900000-0000-7000-8000-000000000002"),
        *("Call", "Call", "admin", True, True, True, True),
    ]
    one.run("mod.Call", code="value = [self.user.email, self.user.is_active, self.user.username]")
    asked = one.answer(
        {"count": 1, "objects": [{"id": "u", "username": "new", "email": "a@b", "is_active": True}]}
    )
    assert asked["object_type"] == "users.user"
    assert one.result()["result"] == ["a@b", True, "admin"]


def test_the_runs_own_record_is_as_it_stands_after_a_refresh(child):
    one = child(JOB)
    one.run("mod.Call", code="self.job_result.refresh_from_db(); value = self.job_result.attempt")
    one.answer({"count": 1, "objects": [{"id": "r", "attempt": 7}]})
    assert one.result()["result"] == 7


def test_a_run_of_nobody_has_no_user(child):
    one = child(JOB)
    one.send(
        {
            "type": "run",
            "task_id": "t",
            "class_path": "mod.Call",
            "inputs": {
                "code": "value = [self.user, self.job_model, self.job_result.user, self.job_result.name]"
            },
            "user": None,
            "job": {"id": None, "name": "Call"},
        }
    )
    assert one.result()["result"] == [None, None, None, "Call"]
