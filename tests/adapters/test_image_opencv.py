"""Pictures by OpenCV: the same pixels as by Pillow, exact means, and nothing swallowed that Pillow refuses."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from adapters.errors import DataError
from adapters.image import Image
from adapters.pictures import opencv
from adapters.pictures.headers import Plain, plain

RNG = np.random.default_rng(3)
ROWS, COLUMNS = 21, 34
PHOTOGRAPH = np.kron(RNG.integers(0, 256, (7, 17, 3), dtype=np.uint8), np.ones((3, 2, 1), dtype=np.uint8))


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(PHOTOGRAPH).convert(mode).save(stream, format=kind, **options)
    return stream.getvalue()


def oriented(kind: str) -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    return encoded(kind, exif=exif)


PLAIN = {
    "png": encoded("PNG"), "grey png": encoded("PNG", "L"), "png with a profile": encoded("PNG", icc_profile=b"x" * 200),
    "jpeg": encoded("JPEG"), "grey jpeg": encoded("JPEG", "L"), "progressive": encoded("JPEG", progressive=True),
    "4:4:4": encoded("JPEG", subsampling=0), "with a comment": encoded("JPEG", comment=b"Exif"),
}  # fmt: skip
UNUSUAL = {
    "palette": encoded("PNG", "P"), "transparent": encoded("PNG", "RGBA"), "one bit": encoded("PNG", "1"),
    "transparent colour": encoded("PNG", transparency=(0, 0, 0)), "inks": encoded("JPEG", "CMYK"),
    "turned jpeg": oriented("JPEG"), "turned png": oriented("PNG"), "gif": encoded("GIF"), "webp": encoded("WEBP"),
    "animated": encoded("PNG", save_all=True, append_images=[Pillow.new("RGB", (COLUMNS, ROWS))]), "none": b"\xff\xd8\xff",
}  # fmt: skip


def grids(item: object, height: int = ROWS, width: int = COLUMNS, **settings: object) -> list[np.ndarray]:
    """One grid by each library."""
    return [Image(height, width, backend=one, **settings).fit_transform([item])[0] for one in ("pillow", "opencv")]


@pytest.mark.parametrize("channels", ["grey", "rgb"])
@pytest.mark.parametrize("name", PLAIN)
def test_plain_files_have_the_pixels_that_pillow_gives(name, channels, monkeypatch):
    by_pillow, by_opencv = grids(PLAIN[name], channels=channels)
    np.testing.assert_allclose(by_opencv, by_pillow, atol=1.01 / 255)  # a colour PNG's grey is rounded otherwise
    monkeypatch.setattr(opencv.decoding, "decode", lambda *_: pytest.fail("was left to Pillow"))
    Image(ROWS, COLUMNS, channels, backend="opencv").fit_transform([PLAIN[name]])


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_files_are_left_to_pillow(name, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("was not left to Pillow"))
    if name == "none":
        with pytest.raises(DataError, match="expected a readable picture"):
            grids(UNUSUAL[name])
    else:
        columns, rows = (ROWS, COLUMNS) if "turned" in name else (COLUMNS, ROWS)
        np.testing.assert_array_equal(*grids(UNUSUAL[name], rows, columns, channels="rgb"))


def test_the_header_says_what_it_is():
    assert plain(PLAIN["png"]) == Plain(False, ROWS, COLUMNS)
    assert plain(PLAIN["progressive"]) == Plain(True, ROWS, COLUMNS)


@pytest.mark.parametrize("kind", ["array", "png"])
@pytest.mark.parametrize(("height", "width"), [(7, 17), (5, 8), (1, 1), (21, 9)])
def test_cells_are_the_means_of_their_areas(kind, height, width):
    item = PHOTOGRAPH if kind == "array" else PLAIN["png"]
    fine = np.kron(PHOTOGRAPH.astype(float), np.ones((height, width, 1)))
    means = fine.reshape(height, ROWS, width, COLUMNS, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(grids(item, height, width, channels="rgb")[1] * 255, means, atol=0.51)


def test_one_side_may_grow_while_the_other_shrinks():
    ramp = np.tile(np.linspace(0, 1, 8, dtype=np.float32)[:, None], (1, 40))
    grid = Image(16, 5, backend="opencv").fit_transform([ramp])[0, :, :, 0]
    np.testing.assert_allclose(grid, np.tile(grid[:, :1], 5), atol=1e-6)
    assert (np.diff(grid[1:-1, 0]) > 0).all()


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(PLAIN)), cut=st.integers(0, 1200), flips=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 255)), max_size=3)
)  # fmt: skip
def test_what_pillow_refuses_is_refused_or_given_whole(name, cut, flips):
    """Damaged files: the same reason, or a grid; a file that lacks its end is never a picture."""
    whole = PLAIN[name]
    content = bytearray(whole[: max(0, len(whole) - cut)])
    for position, value in flips:
        if position < len(content):
            content[position] = value
    adapter = Image(ROWS, COLUMNS, backend="opencv").fit([PHOTOGRAPH])
    reading = adapter.read([bytes(content)])
    if cut and not flips:
        expected = Image(ROWS, COLUMNS).read([bytes(content)])
        assert [str(error) for error in reading.errors] == [str(error) for error in expected.errors]
    if not reading.errors:
        assert adapter.grids(reading.values).shape == (1, ROWS, COLUMNS, 1)


def test_absurd_sizes_are_refused_from_the_header(monkeypatch):
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 400)
    (error,) = Image(backend="opencv").read([PLAIN["png"]]).errors
    assert "exceeds limit of 400" in str(error)


def test_large_files_and_missing_ones(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(PLAIN["png"])
    monkeypatch.setattr(opencv.decoding, "SMALL", 10)
    np.testing.assert_array_equal(*grids(path, channels="rgb"))
    (error,) = Image(backend="opencv").read([Path(tmp_path, "b.png")]).errors
    assert "No such file" in str(error)


def test_without_opencv_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("adapters.image.find_spec", lambda _: None)
    with pytest.raises(DataError, match=r"gridzoo\[opencv\]"):
        Image(backend="opencv").fit([PHOTOGRAPH])
