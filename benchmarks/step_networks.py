"""The five networks of `steps.py`, drawn in Keras and written by hand in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zoo.architecture import Architecture

# Name: shape of one grid, classes, grids an epoch. Both sides draw the same layers.
NETWORKS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "lenet": ((28, 28, 1), 10, 4096),
    "resnet20": ((32, 32, 3), 10, 256),
    "spectrogram": ((64, 64, 1), 10, 256),
    "textcnn": ((60, 300), 2, 512),
    "characters": ((256, 64), 4, 512),
}
CHARACTERS = ((7, 3), (7, 3), (3, 1), (3, 3))  # kernel and pool of each convolution


def drawn(name: str) -> Architecture:
    """Give the network as an architecture."""
    from keras import layers

    drawing = {
        "lenet": lenet, "resnet20": resnet20, "spectrogram": spectrogram, "textcnn": textcnn, "characters": characters,
    }[name]  # fmt: skip

    @dataclass(frozen=True)
    class Drawn(Architecture):
        def features(self, x: Any) -> Any:
            return drawing(x, layers)

        def head(self, x: Any, outputs: int) -> Any:
            return layers.Dense(outputs, dtype="float32", name="logits")(x)

    return Drawn(name)


def lenet(x: Any, layers: Any) -> Any:
    for filters in (32, 64):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.Dense(128, activation="relu")(layers.Flatten()(x))


def unit(x: Any, layers: Any, filters: int, stride: int = 1) -> Any:
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def spectrogram(x: Any, layers: Any) -> Any:
    for filters in (32, 64, 128):
        for _ in range(2):
            x = layers.ReLU()(unit(x, layers, filters))
        x = layers.MaxPooling2D()(x)
    return layers.GlobalAveragePooling2D()(x)


def resnet20(x: Any, layers: Any) -> Any:
    x = layers.ReLU()(unit(x, layers, 16))
    for filters in (16, 32, 64):
        for block in range(3):
            stride, skip = 1, x
            if filters > 16 and block == 0:
                stride = 2
                skip = layers.Conv2D(filters, 1, use_bias=False)(layers.AveragePooling2D(1, strides=2)(x))
            body = unit(layers.ReLU()(unit(x, layers, filters, stride)), layers, filters)
            x = layers.ReLU()(layers.Add()([body, skip]))
    return layers.GlobalAveragePooling2D()(x)


def textcnn(x: Any, layers: Any) -> Any:
    found = [layers.GlobalMaxPooling1D()(layers.Conv1D(100, k, activation="relu")(x)) for k in (3, 4, 5)]
    return layers.Dropout(0.5)(layers.Concatenate()(found))


def characters(x: Any, layers: Any) -> Any:
    for kernel, pool in CHARACTERS:
        x = layers.Conv1D(256, kernel, padding="same", activation="relu")(x)
        x = layers.MaxPooling1D(pool)(x) if pool > 1 else x
    return layers.GlobalMaxPooling1D()(x)


def in_torch(name: str) -> Any:
    """Write the network by hand in PyTorch."""
    from torch import nn

    written: dict[str, Callable[[Any, int, int], Any]] = {
        "lenet": torch_lenet, "resnet20": torch_resnet20, "spectrogram": torch_spectrogram,
        "textcnn": torch_textcnn, "characters": torch_characters,
    }  # fmt: skip
    shape, classes, _ = NETWORKS[name]
    return written[name](nn, shape[-1], classes)


def torch_unit(nn: Any, a: int, b: int, stride: int = 1) -> list[Any]:
    return [nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)]


def torch_lenet(nn: Any, channels: int, classes: int) -> Any:
    layers: list[Any] = []
    for a, b in ((channels, 32), (32, 64)):
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, classes))


def torch_spectrogram(nn: Any, channels: int, classes: int) -> Any:
    layers, a = [], channels
    for b in (32, 64, 128):
        layers += [*torch_unit(nn, a, b), nn.ReLU(inplace=True), *torch_unit(nn, b, b), nn.ReLU(inplace=True)]
        layers, a = [*layers, nn.MaxPool2d(2)], b
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, classes))


def torch_resnet20(nn: Any, channels: int, classes: int) -> Any:
    class Block(nn.Module):
        def __init__(self, a: int, b: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(*torch_unit(nn, a, b, stride), nn.ReLU(inplace=True), *torch_unit(nn, b, b))
            self.skip = nn.Conv2d(a, b, 1, stride, bias=False) if stride > 1 else nn.Identity()
            self.act = nn.ReLU(inplace=True)

        def forward(self, x: Any) -> Any:
            return self.act(self.body(x) + self.skip(x))

    layers, a = [*torch_unit(nn, channels, 16), nn.ReLU(inplace=True)], 16
    for b in (16, 32, 64):
        for block in range(3):
            layers.append(Block(a, b, 2 if b > 16 and block == 0 else 1))
            a = b
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))


def torch_textcnn(nn: Any, channels: int, classes: int) -> Any:
    import torch

    class TextCNN(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolutions = nn.ModuleList(nn.Conv1d(channels, 100, k) for k in (3, 4, 5))
            self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(300, classes))

        def forward(self, x: Any) -> Any:
            return self.head(torch.cat([torch.relu(c(x)).amax(-1) for c in self.convolutions], 1))

    return TextCNN()


def torch_characters(nn: Any, channels: int, classes: int) -> Any:
    layers, a = [], channels
    for kernel, pool in CHARACTERS:
        layers += [nn.Conv1d(a, 256, kernel, padding=kernel // 2), nn.ReLU(inplace=True)]
        layers, a = [*layers, *([nn.MaxPool1d(pool)] if pool > 1 else [])], 256
    return nn.Sequential(*layers, nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(256, classes))
