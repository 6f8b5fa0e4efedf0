"""Arrays at a shell: values from files, declared shapes, exit codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autodiff import AutodiffError, Function
from autodiff.cli.arrays import read_array
from autodiff.cli.points import read_point, read_shapes
from tests.conftest import Shell


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, content: str | bytes) -> None:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)


def saved(array: object) -> bytes:
    np.save("saved.npy", np.asarray(array))
    return Path("saved.npy").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "value"),
    [
        ("m.csv", "1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("heading.csv", "x,y\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("column.csv", "1\n2\n\n3\n", [1, 2, 3]),
        ("row.csv", "1,2,3", [1, 2, 3]),
        ("one.csv", "5\n", [5]),
        ("windows.csv", b"\xef\xbb\xbf1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
        ("quoted.csv", '"1","2"\n 3 ,4e0\n', [[1, 2], [3, 4]]),
        ("m.tsv", "1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        ("M.CSV", "1,2\n", [1, 2]),
        ("m.json", "[[1, 2], [3, 4.5]]", [[1, 2], [3, 4.5]]),
        ("number.json", "3", 3),
        ("empty.json", "[]", []),
        ("special.json", '[1, "NaN", "-Infinity"]', [1, float("nan"), -float("inf")]),
    ],
)
def test_a_file_of_numbers_is_an_array(name: str, content: str | bytes, value: object) -> None:
    write(name, content)
    found = read_point([f"W=@{name}"])["W"]
    assert np.array_equal(found, np.asarray(value, dtype=float), equal_nan=True)


@pytest.mark.parametrize(
    "array", [[1, 2, 3], [[1.5, 2.5]], 2.5, np.zeros((0, 2)), np.array([True, False]), np.float32(1)]
)
def test_an_npy_file_is_an_array(array: object) -> None:
    write("w.npy", saved(array))
    assert np.array_equal(read_point(["W=@w.npy"])["W"], np.asarray(array, dtype=float))


@pytest.mark.parametrize(
    ("name", "content", "id"),
    [
        ("word.csv", "1,2\n3,x\n", "bad-value"),
        ("ragged.csv", "1,2\n3\n", "bad-value"),
        ("blank.csv", "\n\n", "bad-value"),
        ("heading.csv", "a,b\n", "bad-value"),
        ("latin.csv", b"\xff,1\n2,3\n", "bad-value"),
        ("nul.csv", b"1\x00,2\n", "bad-value"),
        ("ragged.json", "[[1, 2], [3]]", "bad-value"),
        ("object.json", '{"a": 1}', "bad-value"),
        ("text.json", '["a"]', "bad-value"),
        ("null.json", "[null]", "bad-value"),
        ("true.json", "[true, 2]", "bad-value"),
        ("broken.json", "[1, 2", "unreadable-file"),
        ("deep.json", "[" * 100_000, "unreadable-file"),
        ("latin.json", b"\xff[1]", "unreadable-file"),
        ("junk.npy", b"\x93NUMPY junk", "unreadable-file"),
        ("empty.npy", b"", "unreadable-file"),
        ("w.txt", "1 2 3", "unreadable-file"),
    ],
)
def test_a_file_that_holds_no_array_is_explained(name: str, content: str | bytes, id: str) -> None:
    write(name, content)
    with pytest.raises(AutodiffError) as caught:
        read_point([f"W=@{name}"])
    assert caught.value.id == id
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("array", [[1j], ["a"]])
def test_an_npy_file_of_something_else_is_refused(array: object) -> None:
    write("w.npy", saved(array))
    with pytest.raises(AutodiffError, match="no real numbers"):
        read_point(["W=@w.npy"])


def test_a_file_of_python_objects_is_not_opened() -> None:
    np.save("w.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(AutodiffError) as caught:
        read_array("w.npy", "W")
    assert caught.value.id == "unreadable-file"


def test_a_file_that_is_cut_short_or_missing_is_explained() -> None:
    write("w.npy", saved([1.0, 2.0])[:-8])
    for name in ("w.npy", "missing.npy", "missing.csv", "missing.json"):
        with pytest.raises(AutodiffError) as caught:
            read_array(name, "W")
        assert caught.value.id == "unreadable-file"
        assert name in caught.value.message


def test_a_line_with_a_fault_is_named() -> None:
    write("w.csv", "1,2\n3,x\n")
    with pytest.raises(AutodiffError, match=r"line 2 of w\.csv has 'x'"):
        read_array("w.csv", "W")


def test_a_point_in_a_file_may_have_arrays_and_name_other_files(folder: Path) -> None:
    (folder / "data").mkdir()
    write("data/w.csv", "1,2\n3,4\n")
    write("data/point.json", '{"v": [1, 2], "W": "@w.csv", "g": "pi/4", "h": "[1, 2*3]", "s": 0.5, "n": "NaN"}')
    point = read_point(["@data/point.json"])
    assert point["W"].tolist() == [[1, 2], [3, 4]]
    assert point["v"].tolist() == [1, 2]
    assert point["h"].tolist() == [1, 6]
    assert (point["g"], point["s"]) == (np.pi / 4, 0.5)
    assert point["n"] != point["n"]


@pytest.mark.parametrize(
    "content",
    ['{"v": [[1], [2, 3]]}', '{"v": {"a": 1}}', '{"v": null}', '{"v": ["x"]}', '{"v": [true]}', '{"v": true}'],
)
def test_a_point_with_something_else_is_refused(content: str) -> None:
    write("point.json", content)
    with pytest.raises(AutodiffError) as caught:
        read_point(["@point.json"])
    assert caught.value.id == "bad-value"


def test_values_are_formulas_with_commas_inside_of_brackets() -> None:
    point = read_point(["v=[1, 2],W=[[1, 2], [3, 4]]", "x=max(1, 2), r=range(3)"])
    assert {name: np.asarray(value).tolist() for name, value in point.items()} == {
        "v": [1, 2],
        "W": [[1, 2], [3, 4]],
        "x": 2,
        "r": [0, 1, 2],
    }


@pytest.mark.parametrize(
    ("option", "shapes"),
    [
        ("W=2x3", {"W": (2, 3)}),
        ("v=3", {"v": (3,)}),
        ("s=()", {"s": ()}),
        ("v=(3,)", {"v": (3,)}),
        ("W=(2, 3)", {"W": (2, 3)}),
        ("W=2×3, v=3", {"W": (2, 3), "v": (3,)}),
        ("T=2x0x4", {"T": (2, 0, 4)}),
    ],
)
def test_a_shape_may_be_written(option: str, shapes: dict[str, tuple[int, ...]]) -> None:
    assert read_shapes([option]) == shapes


@pytest.mark.parametrize("option", ["v", "v=-1", "v=2y", "v=1.5", "2=3"])
def test_what_is_no_shape_is_refused(option: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        read_shapes([option])
    assert caught.value.id == "bad-value"


def test_a_model_from_files_at_a_shell(shell: Shell) -> None:
    np.save("w.npy", [[1.0, 2.0], [3.0, 4.0]])
    write("x.csv", "0.5\n-1\n")
    done = shell("autodiff eval 'sum(W @ x)' --at W=@w.npy --at x=@x.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "value\t-4\nd/dW\t[[0.5, -1], [0.5, -1]]\nd/dx\t[4, 6]\n"


def test_a_declared_shape_is_checked_at_a_shell(shell: Shell) -> None:
    done = shell("autodiff eval 'sum(v)' --at 'v=[1, 2]' --shape v=3")
    assert done.returncode == 2
    assert "error[shape-mismatch]: the value for 'v' has shape (2,), where (3,) is needed" in done.stderr


def test_a_singular_matrix_ends_with_the_code_for_what_is_not_finite(shell: Shell) -> None:
    for formula in ("sum(inv(W))", "logdet(W)", "sum(solve(W, [1, 2]))"):
        done = shell(f"autodiff eval '{formula}' --at 'W=[[1, 2], [2, 4]]'")
        assert done.returncode == 3
        assert "note[not-finite]" in done.stderr
        assert "of a singular matrix (2, 2)" in done.stderr


def test_the_same_numbers_come_from_a_file_and_from_python() -> None:
    write("w.json", "[[1, 2], [3, 5]]")
    text = "logdet(W @ W.T) + sum(softmax(W))"
    ours = Function(text).gradient(read_point(["W=@w.json"]))["W"]
    assert np.array_equal(ours, Function(text).gradient(W=[[1, 2], [3, 5]])["W"])
