"""Registration, metadata and records: the sentences of the job class, one file of jobs/ each."""

import pytest


def variables(installation, class_path):
    return installation.get(f"/api/extras/jobs/{class_path}/variables/")


def import_error(authoring, module):
    """What `windlass jobs check` says of a module that does not import."""
    done = authoring.command("jobs", "check", authoring.jobs / f"{module}.py")
    assert done.returncode == 1, (done.stdout, done.stderr)
    return done.stdout


def test_meta_is_inherited_replaced_or_extended(authoring):
    def record(name):
        return authoring.job("meta_inheritance." + name)

    inherited, replaced, extended = record("Inherits"), record("Replaces"), record("Extends")
    assert (inherited["description"], inherited["hidden"]) == ("The parent's", True)
    assert (replaced["description"], replaced["hidden"]) == ("Its own", False)
    assert (replaced["soft_time_limit"], extended["soft_time_limit"]) == (0, 7)
    assert (extended["description"], extended["hidden"]) == ("Half its own", True)


def test_class_attributes_are_readable_on_class_and_instance(authoring, outcome):
    value = outcome("class_attributes.Everything", {"dryrun": True}, job_queue="default")
    attributes = value["attributes"]
    path = str(authoring.jobs / "class_attributes.py")
    assert attributes == {
        "name": "Every attribute",
        "description": "First line.\nSecond line.",
        "description_first_line": "First line.",
        "grouping": "Attributes",
        "class_path": "class_attributes.Everything",
        "class_path_dotted": "class_attributes.Everything",
        "registered_name": "class_attributes.Everything",
        "file_path": path,
        "dryrun_default": True,
        "hidden": True,
        "field_order": ["dryrun"],
        "read_only": True,
        "soft_time_limit": 20,
        "time_limit": 30,
        "has_sensitive_variables": False,
        "supports_dryrun": True,
        "task_queues": ["default", "bulk"],
        "is_singleton": True,
        "template_name": "nothing.html",
    }
    assert value["properties"]["name"] == "Every attribute"
    assert (value["job_model"], value["user"]) == ("Every attribute", "admin")
    assert value["request"] == value["job_result"]
    assert value["celery_kwargs"]["queue"] == "default"


def test_the_record_says_what_the_class_says(authoring):
    record = authoring.job("class_attributes.Everything")
    assert record["hidden"] and record["read_only"] and record["is_singleton"]
    assert record["supports_dryrun"] and record["dryrun_default"]
    assert (record["soft_time_limit"], record["time_limit"]) == (20, 30)
    assert (record["grouping"], record["task_queues"]) == ("Attributes", ["default", "bulk"])
    assert authoring.get("/api/extras/job-queues/?name=bulk")["count"] == 1


def test_plain_class_attributes_are_metadata_and_the_module_is_the_grouping(authoring, outcome):
    assert outcome("plain_attributes.Plain") == "Set beside Meta"
    assert authoring.job("plain_attributes.Plain")["grouping"] == "plain_attributes"


@pytest.mark.parametrize(
    "module, words",
    [
        ("meta_wrong_type", "Meta.soft_time_limit wants int or float, got str"),
        ("wrong_base", "Inherit from nautobot.apps.jobs.Job"),
        ("json", "The name json is taken"),
        ("receiver_without_method", "has no receive_job_hook() method"),
        ("other_applications", "nautobot.dcim"),
    ],
)
def test_mistakes_are_refused_with_a_sentence_and_disturb_no_other(authoring, module, words):
    assert words in import_error(authoring, module)
    assert authoring.get(f"/api/extras/jobs/?module_name={module}")["count"] == 0


def test_only_registered_classes_are_known(authoring, outcome):
    assert outcome("unregistered.Known") == "known"
    assert authoring.job("unregistered.Unknown") is None
    assert authoring.job("my_jobs.not_imported.NotImported") is None


def test_a_submodule_that_the_top_level_imports_reads_files_beside_it(outcome):
    assert outcome("my_jobs.my_job_module.MyJob") == 42


def test_modules_of_the_folder_import_one_another_by_plain_name(outcome):
    assert outcome("uses_another.Uses") == 42


def test_variables_are_listed_in_form_order(authoring):
    def names(class_path):
        return [variable["name"] for variable in variables(authoring, class_path)]

    assert names("inherited_variables.Derived") == ["first", "second", "third", "fourth"]
    assert names("inherited_variables.Ordered") == ["fourth", "second", "first", "third"]


def test_two_classes_of_one_name_get_a_suffix(authoring):
    names = {authoring.job(f"same_name_{letter}.Same")["name"] for letter in "ab"}
    assert names == {"The same name", "The same name (2)"}


def test_receivers_are_marked_and_refuse_a_direct_run(authoring):
    for name, flag, word in (
        ("Hook", "is_job_hook_receiver", "hook"),
        ("Button", "is_job_button_receiver", "button"),
    ):
        record = authoring.job("receivers." + name)
        assert record[flag] is True
        answer = authoring.request("POST", f"/api/extras/jobs/receivers.{name}/run/", json={})
        assert answer.status_code in (400, 403, 404), answer.text
        assert word in answer.text


def test_names_are_importable_from_every_place(authoring, outcome):
    value = outcome("import_names.Names")
    assert (value["runs"], value["name"]) == (1, "Names")
    assert value["jobs_root"]


def test_overrides_are_kept_over_a_refresh_and_given_back(authoring):
    path = "/api/extras/jobs/plain_attributes.Plain/"
    changed = authoring.request("PATCH", path, json={"description": "Overridden", "soft_time_limit": 9})
    assert changed.json()["description_override"] is True
    authoring.command("migrate", check=0)
    authoring.command("post_upgrade", check=0)
    kept = authoring.get(path)
    assert (kept["description"], kept["soft_time_limit"]) == ("Overridden", 9)
    restored = authoring.request(
        "PATCH", path, json={"description_override": False, "soft_time_limit_override": False}
    ).json()
    assert (restored["description"], restored["soft_time_limit"]) == ("Set beside Meta", 0)


def test_installed_follows_the_class_and_results_stay(authoring):
    source = """
        from nautobot.apps import jobs

        class Passing(jobs.Job):
            def run(self):
                return 1

        jobs.register_jobs(Passing)
    """
    file = authoring.write_job("passing.py", source)
    result = authoring.run("passing.Passing")
    file.unlink()
    gone = authoring.wait_for_job("passing.Passing", installed=False)
    assert authoring.result(result)["job_model"]["id"] == gone["id"]
    authoring.write_job("passing.py", source)
    back = authoring.wait_for_job("passing.Passing", installed=True)
    assert (back["id"], back["enabled"]) == (gone["id"], True)
