"""A file becomes a run piece by piece: looked at, chosen of, written whole or not at all; nothing else is left."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest

from gt import bring
from gt.bring.place import folder_name
from gt.run import open_run
from gt.serve import bringing
from gt.serve.uploads import LARGEST
from tests.waiting import until

CHOICES = {
    "label": "", "time": "", "point": "", "coords": "", "scale": "auto", "not_finite": "refuse"
}  # fmt: skip
TABLE = b"long,wide,kind\n" + b"".join(
    b"%d,%d.5,%s\n" % (i, i * i % 7, b"ab"[i % 2 :][:1]) for i in range(20)
)


@pytest.fixture
def runs_folder(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def sent(client, *files, piece=100):
    """Send files as a page does; returns the address of the upload."""
    said = [{"name": name, "size": len(content)} for name, content in files]
    answer = client.post("/uploads", json={"files": said})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    at = f"/uploads/{answer.get_json()['upload']}"
    for number, (_, content) in enumerate(files):
        for start in range(0, len(content), piece):
            part = content[start : start + piece]
            took = client.post(
                f"{at}/{number}?at={start}", data=part, content_type="application/octet-stream"
            )
            assert took.get_json() == {"size": start + len(part)}
    return at


def ended(client, at):
    """How the writing of an upload ended."""
    return until(lambda: (said := client.get(at).get_json())["phase"] != "writing" and said)


def left(tmp_path):
    """What lies in the folder of uploads."""
    folder = tmp_path / "uploads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_table_is_looked_at_and_becomes_a_run(client, runs_folder, tmp_path):
    at = sent(client, ("my table.csv", TABLE))
    seen = client.post(f"{at}/look", json=CHOICES).get_json()
    assert (seen["n"], seen["p"], seen["groups"], seen["into"]) == (20, 2, 2, "runs")
    roles = {one["name"]: one["role"] for one in seen["columns"]}
    assert roles == {"long": "coordinate", "wide": "coordinate", "kind": "label"}
    assert seen["rows"][1] == ["1", "1.5", "b"] and list(runs_folder.iterdir()) == []
    added = client.post(f"{at}/add", json={"choices": CHOICES, "title": "My <i>table</i>"})
    assert added.status_code == 200
    said = ended(client, at)
    assert (said["phase"], said["run"]) == ("done", "my-i-table-i")
    run = open_run(runs_folder / "my-i-table-i")
    assert (run.title, run.n, run.task) == ("My <i>table</i>", 20, "none")
    [one] = client.get("/runs/list").get_json()["runs"]
    assert one["title"] == "My <i>table</i>"
    assert [page["page"] for page in one["opens"]] == ["Grand Tour", "Compare", "Two runs"]
    assert client.post(f"{at}/cancel", json={}).status_code == 200 and left(tmp_path) == []


def test_what_is_chosen_is_what_is_seen_and_written(client, runs_folder):
    at = sent(client, ("t.csv", TABLE))
    chosen = CHOICES | {"label": "none", "coords": "wi*", "scale": "standard"}
    seen = client.post(f"{at}/look", json=chosen).get_json()
    assert (seen["p"], seen["groups"], seen["scale"]) == (1, 1, "standard")
    client.post(f"{at}/add", json={"choices": chosen, "title": ""})
    run = open_run(runs_folder / ended(client, at)["run"])
    assert run.title == "t" and run.layers[0].shape == (1,)


def test_several_files_are_epochs_and_a_name_that_is_taken_gets_a_number(client, runs_folder):
    for count in (1, 2):
        files = []
        for epoch in (1, 2, 10):
            stream = io.BytesIO()
            np.save(stream, np.random.default_rng(epoch).normal(size=(6, 3)))
            files.append((f"emb-{epoch}.npy", stream.getvalue()))
        at = sent(client, *files)
        client.post(f"{at}/add", json={"choices": CHOICES, "title": ""})
        assert ended(client, at)["phase"] == "done"
        assert len(list(runs_folder.iterdir())) == count
    assert open_run(runs_folder / "emb").epochs.tolist() == [1, 2, 10]
    assert open_run(runs_folder / "emb-2").title == "emb"


@pytest.mark.parametrize(
    ("content", "choices", "said"),
    [
        (b"\x00\x01\x02\xff" * 50, {}, "t.csv"),
        (b"a,b\n1,2\n3,4,5\n", {}, "row"),
        (TABLE, {"label": "nope"}, "“nope” is none"),
        (TABLE, {"scale": "huge"}, "must be one of"),
        (TABLE.replace(b"1.5", b"inf"), {}, "not"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_without_a_place_and_nothing_is_written(
    client, runs_folder, tmp_path, content, choices, said
):
    at = sent(client, ("t.csv", content))
    answer = client.post(f"{at}/look", json=CHOICES | choices)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in text and str(tmp_path) not in text
    client.post(f"{at}/add", json={"choices": CHOICES | choices, "title": ""})
    failed = ended(client, at)
    assert failed["phase"] == "failed" and str(tmp_path) not in failed["said"]
    assert list(runs_folder.iterdir()) == []
    client.post(f"{at}/cancel", json={})
    assert left(tmp_path) == []


def test_a_file_that_names_others_of_the_server_reads_none(client, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    table = f"a,b,image\n1,2,{tmp_path}/secret.png\n3,5,../../secret.png\n".encode()
    at = sent(client, ("t.csv", table))
    seen = client.post(f"{at}/look", json=CHOICES).get_json()
    assert {one["name"]: one["role"] for one in seen["columns"]}["image"] != "image"


def test_called_off_while_it_is_written_leaves_nothing(client, runs_folder, tmp_path, monkeypatch):
    going, go_on = threading.Event(), threading.Event()

    def write(seen, out, *, title, progress):
        going.set()
        assert go_on.wait(60)
        return bring.write(seen, out, title=title, progress=progress)

    monkeypatch.setattr(bringing, "bring", type("B", (), {"look": bring.look, "write": write}))
    at = sent(client, ("t.csv", TABLE))
    client.post(f"{at}/add", json={"choices": CHOICES, "title": ""})
    assert going.wait(60)
    again = client.post(f"{at}/add", json={"choices": CHOICES, "title": ""})
    assert again.status_code == 422 and b"being added already" in again.data
    assert client.post(f"{at}/cancel", json={}).status_code == 200
    go_on.set()
    until(lambda: not left(tmp_path))
    assert list(runs_folder.iterdir()) == [] and client.get(at).status_code == 404


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([{"name": "../../evil.csv", "size": 3}], 422),
        ([{"name": "a.exe", "size": 3}], 422),
        ([{"name": "a.csv", "size": LARGEST + 1}], 422),
        ([{"name": "a.csv", "size": "3"}], 400),
        ([{"name": "a.csv", "size": True}], 400),
        ("a.csv", 400),
        ([3], 400),
        (None, 400),
    ],
)
def test_what_is_no_file_is_refused(client, tmp_path, files, status):
    answer = client.post("/uploads", json={"files": files})
    assert answer.status_code == status and left(tmp_path) == []


def test_a_piece_is_no_larger_than_any_request(client, tmp_path):
    name = client.post("/uploads", json={"files": [{"name": "a.csv", "size": 10**8}]}).get_json()
    at = f"/uploads/{name['upload']}/0"
    assert client.post(f"{at}?at=0", data=b"x" * 8_000_001).status_code == 413
    for where in ("", "-1", "x", "9" * 30):
        assert client.post(f"{at}?at={where}", data=b"x").status_code == 400
    assert client.post(f"{at}?at=0", data=b"x").get_json() == {"size": 1}


def test_a_server_without_a_folder_of_runs_says_so(nothing_shipped, tmp_path):
    import app

    client = app.create_app([], tmp_path / "cache").server.test_client()
    answer = client.post("/uploads", json={"files": [{"name": "a.csv", "size": 3}]})
    assert answer.status_code == 422 and b"gt serve --runs FOLDER" in answer.data


def test_a_disk_that_is_full_is_told(client, tmp_path, monkeypatch):
    from gt.serve.uploads import Uploads

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Uploads, "take", full)
    name = client.post("/uploads", json={"files": [{"name": "a.csv", "size": 3}]}).get_json()
    answer = client.post(f"/uploads/{name['upload']}/0?at=0", data=b"a")
    assert answer.status_code == 422 and b"No space left on device" in answer.data


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("My Table!", "my-table"),
        ("../../x", "x"),
        ("…", "run"),
        ("a" * 200, "a" * 60),
        ("Über 2", "über-2"),
    ],
)
def test_folders_are_called_after_titles(title, name):
    assert folder_name(title) == name
