"""``gridzoo fit``, ``gridzoo predict`` and ``gridzoo export``: one network, trained, used and given away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gridzoo.commands.items import read_items
from gridzoo.commands.options import DataHome, Modality, Seed, Target, TensorBoard


def fit(
    source: Annotated[str, typer.Argument(help="A data set's name, a folder, or a table.")],
    out: Annotated[Path, typer.Option(help="Folder that the predictor is written to.")],
    architecture: Annotated[
        str | None, typer.Option("--architecture", "-a", help="Variant of the zoo; what suits by default.")
    ] = None,
    adapter: Annotated[str | None, typer.Option("--adapter", "-g", help="Adapter; what suits by default.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Epochs, at most.")] = None,
    weights: Annotated[str | None, typer.Option(help="Start from imagenet, or a saved predictor's folder.")] = None,
    tensorboard: TensorBoard = None,
    mlflow: Annotated[str | None, typer.Option(help="Address of an MLflow server or store to log to.")] = None,
    target: Target = None,
    modality: Modality = None,
    seed: Seed = None,
    data_home: DataHome = None,
) -> None:
    """Train one network on all training items and save it."""
    from gridzoo import house, quiet

    house.check()
    quiet.load()
    from gridzoo import networks
    from gridzoo.epochs import Epochs
    from training.fitting.tracking import MLflow, tensorboard_in

    callbacks = [tensorboard_in(tensorboard)] if tensorboard else []
    callbacks += [MLflow(Path(source).stem, uri=mlflow)] if mlflow else []
    with Epochs() as bar:
        predictor = networks.fit(
            source,
            architecture,
            adapter=adapter,
            epochs=epochs,
            seed=seed or 0,
            target=target,
            modality=modality,
            data_home=data_home,
            weights=weights,
            callbacks=[*callbacks, bar.callback()],
        )
    predictor.save(out)
    name = "validation_accuracy" if "validation_accuracy" in predictor.history.curves else "accuracy"
    done = f"{predictor.history.epochs} {'epoch' if predictor.history.epochs == 1 else 'epochs'}"
    print(f"{predictor.architecture['name']} on {predictor.adapter.grid_.describe()}")
    print(f"{name.replace('_', ' ')} {predictor.history.best(name):.1%} after {done}; predictor in {out}")


def predict(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor, or of one exported as onnx.")],
    items: Annotated[
        list[str], typer.Argument(help="Files; texts; JSON for a series, a board or a row; or tables, of all rows.")
    ],
) -> None:
    """Label items with a saved predictor: one line an item, label and probability."""
    from gridzoo import house

    house.check()
    own = _loaded(predictor)
    raw, names = read_items(items, own.adapter)
    if own.target is not None:
        for item, numbers in zip(names, own.predict(raw).reshape(len(raw), -1), strict=True):
            print("\t".join([*(f"{number:.6g}" for number in numbers), item]))
        return
    for item, row in zip(names, own.predict_proba(raw), strict=True):
        print(f"{own.classes[int(row.argmax())]}\t{row.max():.3f}\t{item}")


def export(
    predictor: Annotated[Path, typer.Argument(help="Folder of a saved predictor.")],
    out: Annotated[Path, typer.Option(help="New or empty folder that the network is written to.")],
    format: Annotated[str, typer.Option(help="onnx, litert or saved_model.")] = "onnx",
) -> None:
    """Write a saved predictor for programs without Keras."""
    from gridzoo import house, quiet

    house.check()
    quiet.load()
    from training.export.manifest import check_target
    from training.fitting.predictor import Predictor

    check_target(format, out)
    Predictor.load(predictor).export(format, out)
    print(f"{format} in {out}")


def _loaded(folder: Path) -> Any:
    """Load whichever predicts: an exported network without TensorFlow, or a saved predictor."""
    from training.export.manifest import is_exported

    if is_exported(folder):
        from training.export.bundle import Bundle

        return Bundle.load(folder)
    from gridzoo import quiet

    quiet.load()
    from training.fitting.predictor import Predictor

    return Predictor.load(folder)
