"""Pictures of every kind become the brightness that a person sees."""

from __future__ import annotations

import functools
import io
import os
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from adapters.errors import DataError, ItemError
from adapters.image import Image, Picture

RNG = np.random.default_rng(5)


@pytest.fixture(autouse=True, params=["pillow", "opencv"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask everything of both."""
    monkeypatch.setitem(globals(), "Image", functools.partial(Image, backend=request.param))
    return request.param


def encoded(image: Pillow.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return stream.getvalue()


def png(image: Pillow.Image, **options: object) -> bytes:
    return encoded(image, "PNG", **options)


def photograph(rows: int, columns: int) -> Pillow.Image:
    """Smooth colours with an edge: what JPEG is made for."""
    down, across = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    red, green, blue = across, down, (np.hypot(down - 0.5, across - 0.4) < 0.3).astype(float)
    return Pillow.fromarray((np.stack([red, green, blue], axis=-1) * 255).astype(np.uint8))


def grid(item: object, **settings: object) -> np.ndarray:
    return Image(**settings).fit_transform([item])[0]  # type: ignore[arg-type]


def test_a_picture_of_the_grids_size_is_kept_to_the_bit():
    pixels = RNG.integers(0, 256, (8, 9), dtype=np.uint8)
    for item in (pixels, pixels[..., None], Pillow.fromarray(pixels), png(Pillow.fromarray(pixels))):
        np.testing.assert_array_equal(grid(item, height=8, width=9)[..., 0], pixels.astype(np.float32) / 255)


def test_sixteen_bits_and_floats_are_scaled():
    deep = RNG.integers(0, 65536, (4, 4), dtype=np.uint16)
    expected = deep / 65535
    for item in (deep, png(Pillow.fromarray(deep)), expected, expected.astype(np.float32)):
        np.testing.assert_allclose(grid(item, height=4, width=4)[..., 0], expected, atol=1e-6)


def test_transparency_is_laid_on_white():
    red = np.zeros((2, 2, 4), dtype=np.uint8)
    red[..., 0], red[0, :, 3] = 255, 255
    for item in (red, Pillow.fromarray(red), png(Pillow.fromarray(red))):
        cells = grid(item, height=2, width=2, channels="rgb")
        np.testing.assert_allclose(cells[0, 0], [1, 0, 0], atol=1e-6)
        np.testing.assert_allclose(cells[1, 0], [1, 1, 1], atol=1e-6)


def test_a_palette_with_a_transparent_colour_is_laid_on_white():
    palette = Pillow.new("P", (2, 2), 0)
    palette.putpalette([10, 20, 30, 0, 0, 0])
    assert grid(png(palette, transparency=0), height=2, width=2).min() == 1


def test_orientation_is_obeyed():
    pixels = np.zeros((2, 4), dtype=np.uint8)
    pixels[0, 0] = 255
    image = Pillow.fromarray(pixels)
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to see it upright
    turned = grid(png(image, exif=exif), height=4, width=2)[..., 0]
    assert turned.argmax() == np.ravel_multi_index((0, 1), (4, 2))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("size", [(320, 416), (301, 421)])
def test_every_orientation_is_obeyed(orientation: int, kind: str, size: tuple[int, int]):
    """The same as turning the pixels themselves; of large JPEG files, which are decoded smaller, too."""
    picture = photograph(*size)
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    item = encoded(picture, kind, exif=exif)
    upright = ImageOps.exif_transpose(Pillow.open(io.BytesIO(item)))
    adapter = Image(32, 24, "rgb", "crop").fit([item])
    np.testing.assert_allclose(adapter.transform([item]), adapter.transform([np.asarray(upright)]), atol=0.12)
    assert np.abs(adapter.transform([item]) - adapter.transform([np.asarray(upright)])).mean() < 0.01
    assert adapter.axes_for(item) == adapter.axes_for(np.asarray(upright))
    assert adapter.backproject(np.ones((32, 24)), item).values.shape == upright.size[::-1]


@pytest.mark.parametrize("channels", ["grey", "rgb"])
@pytest.mark.parametrize("policy", ["stretch", "pad", "crop"])
@pytest.mark.parametrize("size", [(900, 601), (65, 333), (64, 64), (5, 7)])
def test_jpeg_files_decoded_smaller_show_the_same(channels: str, policy: str, size: tuple[int, int]):
    item = encoded(photograph(*size), "JPEG", quality=95)
    whole = np.asarray(Pillow.open(io.BytesIO(item)))
    settings = {"height": 32, "width": 32, "channels": channels, "policy": policy}
    assert np.abs(grid(item, **settings) - grid(whole, **settings)).mean() < 0.01


def test_inks_are_converted():
    inks = Pillow.merge("CMYK", [Pillow.new("L", (2, 2), ink) for ink in (255, 0, 0, 0)])  # cyan alone
    for item in (inks, encoded(inks, "TIFF"), encoded(inks, "JPEG", quality=100)):
        np.testing.assert_allclose(grid(item, height=1, width=1, channels="rgb").ravel(), [0, 1, 1], atol=0.02)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_an_animation_is_taken(kind: str):
    frames = [Pillow.new("RGB", (4, 4), colour) for colour in ("red", "blue", "lime")]
    item = encoded(
        frames[0], kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "WEBP" else {})
    )
    np.testing.assert_allclose(grid(item, height=1, width=1, channels="rgb").ravel(), [1, 0, 0], atol=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16", "F"])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1)])
def test_pictures_of_any_mode_and_of_one_pixel_make_grids(mode: str, size: tuple[int, int]):
    cells = grid(Pillow.new(mode, size), height=3, width=2, channels="rgb")
    assert cells.shape == (3, 2, 3)
    assert cells.min() >= 0
    assert cells.max() <= 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_the_content_counts_not_the_ending(kind: str, tmp_path: Path):
    path = tmp_path / "picture.wav"
    path.write_bytes(encoded(photograph(20, 30), kind))
    np.testing.assert_allclose(grid(path), grid(np.asarray(photograph(20, 30))), atol=0.2)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9])
def test_files_that_are_cut_off_are_refused(kind: str, share: float):
    whole = encoded(Pillow.fromarray(RNG.integers(0, 256, (90, 90, 3), dtype=np.uint8)), kind)
    with pytest.raises(ItemError, match="expected a readable picture"):
        Image().fit([whole[: int(len(whole) * share)]])


def test_a_pillow_image_that_is_cut_off_is_refused():
    whole = png(Pillow.fromarray(RNG.integers(0, 256, (90, 90, 3), dtype=np.uint8)))
    with pytest.raises(ItemError, match="expected a readable picture"):
        Image().fit([Pillow.open(io.BytesIO(whole[:9000]))])


def test_grey_is_luma():
    green = np.zeros((1, 1, 3), dtype=np.uint8)
    green[..., 1] = 255
    assert grid(green, height=1, width=1).item() == pytest.approx(0.587, abs=0.5 / 255)  # eight bits
    assert grid(green / 255, height=1, width=1).item() == pytest.approx(0.587)


def test_grey_becomes_three_equal_channels():
    cells = grid(RNG.random((3, 3)), height=3, width=3, channels="rgb")
    assert (cells[..., :1] == cells).all()


@pytest.mark.parametrize("policy", ["pad", "crop"])
def test_aspect_is_kept(policy: str):
    pixels = np.zeros((10, 20), dtype=np.uint8)
    pixels[:, 5:15] = 255  # the middle square
    cells = grid(pixels, height=10, width=10, policy=policy)[..., 0]
    if policy == "crop":
        assert (cells == 1).all()
    else:
        assert not cells[:2].any()
        assert not cells[-2:].any()
        assert cells[2:7].mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("policy", ["stretch", "pad", "crop"])
@pytest.mark.parametrize("shape", [(30, 17), (5, 40), (16, 16), (1, 1), (3, 1)])
def test_a_bright_spot_is_found_again(policy: str, shape: tuple[int, int]):
    adapter = Image(16, 16, policy=policy).fit([np.zeros(shape)])  # type: ignore[arg-type]
    spot = np.zeros(shape)
    middle = (shape[0] // 2, shape[1] // 2)
    spot[middle] = 1
    relevance = adapter.transform([spot])[0, :, :, 0]
    found = adapter.backproject(relevance, spot)
    assert found.values.shape == shape
    place = np.unravel_index(found.values.argmax(), shape)
    cells = [max(np.diff(axis.edges)) for axis in adapter.axes_for(spot)]
    assert all(abs(i - j) <= cell for i, j, cell in zip(place, middle, cells, strict=True))
    assert found.total == pytest.approx(relevance.sum())


def test_preview_is_larger_than_the_grid():
    preview = Image(4, 4).preview(np.zeros((400, 600), dtype=np.uint8))
    assert np.asarray(preview["pixels"]).shape == (171, 256, 1)


def test_inverse_has_the_grids_pixels():
    adapter = Image(4, 5).fit([np.zeros((8, 10))])
    grids = adapter.transform([RNG.random((8, 10))])
    (picture,) = adapter.inverse_transform(grids)
    assert isinstance(picture, Picture)
    np.testing.assert_array_equal(picture.cells, grids[0])


def damaged(folder: Path) -> list[Path]:
    whole = png(Pillow.fromarray(RNG.integers(0, 256, (50, 50, 3), dtype=np.uint8)))
    jpeg = io.BytesIO()
    Pillow.new("RGB", (99, 99), "red").save(jpeg, format="JPEG")
    contents = {
        "cut.png": whole[: len(whole) // 2],
        "header.png": whole[:20],
        "empty.png": b"",
        "text.jpg": b"hello",
        "cut.jpg": jpeg.getvalue()[:400],
        "flipped.png": whole[:60] + bytes(200) + whole[260:],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.png")
    return [*(folder / name for name in contents), folder, folder / "absent.png", folder / "pipe.png"]


def test_damaged_files_are_named_with_a_reason(tmp_path: Path):
    paths = damaged(tmp_path)
    reading = Image().read(paths)
    assert [error.item for error in reading.errors] == [str(path) for path in paths]
    assert all(error.reason.startswith("expected a readable picture") for error in reading.errors)


@pytest.mark.parametrize("count", [3, 16, 17, 200])
def test_reading_on_all_cores_keeps_order_and_names(count: int):
    items = [np.full((2, 2), i / count) if i % 5 else b"no picture" for i in range(count)]
    reading = Image(1, 1).read(items)
    assert reading.kept.tolist() == [i for i in range(count) if i % 5]
    assert [value.cells.item() for value in reading.values] == pytest.approx(reading.kept / count)
    assert [error.item for error in reading.errors] == [f"items[{i}]" for i in range(0, count, 5)]


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("pixels", [60, 150])
def test_decompression_bombs_are_refused(pixels: int, monkeypatch: pytest.MonkeyPatch):
    bomb = png(Pillow.new("L", (pixels, 1)))
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 50)
    with pytest.raises(ItemError, match="exceeds limit"):
        Image().fit([bomb])


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [12_000, 100_000, 2**31 - 1])
def test_a_header_that_promises_too_much_is_refused_before_decoding(side: int):
    chunk = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb = b"\x89PNG\r\n\x1a\n" + header + png(Pillow.new("RGB", (9, 9)))[33:]
    start = time.perf_counter()
    with pytest.raises(ItemError, match="exceeds limit"):
        Image().fit([bomb])
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (np.zeros((2, 2, 2)), "shape"),
        (np.zeros(4), "shape"),
        (np.zeros((0, 3)), "shape"),
        (np.zeros((2, 2), dtype=np.int64), "int64"),
        (np.full((2, 2), 1.5), "brightness from 0 to 1"),
        (np.full((2, 2), -0.1), "brightness from 0 to 1"),
        (np.full((2, 2), np.nan), "brightness from 0 to 1"),
        (7, "expected a path"),
    ],
)
def test_bad_arrays_are_refused(item: object, reason: str):
    with pytest.raises(ItemError, match=reason):
        Image().fit([item])


@pytest.mark.parametrize("settings", [{"channels": "gray"}, {"height": 0}, {"width": 2.0}, {"policy": None}])
def test_impossible_parameters_are_refused(settings: dict[str, object]):
    with pytest.raises(DataError, match=f"expected {next(iter(settings))} to be"):
        grid(np.zeros((2, 2)), **settings)
