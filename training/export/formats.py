"""From a Keras network to a file of another format, and back to numbers, to see that it says the same.

Converters work on one graph without variables and without nested functions: TensorFlow
Lite leaves the values of captured variables out, and neither it nor tf2onnx looks into
the functions that Keras compiles grouped convolutions in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.errors import ExperimentError
from training.export.bundle import run, session_of

OPSET = 17  # of ONNX; runtimes of mid-2022 and later read it


@dataclass(frozen=True)
class Way:
    """How a format is written and read.

    Parameters
    ----------
    write : callable
        From a Keras model and a path.
    read : callable
        From a path to a function from grids to logits.
    libraries : tuple of str
        Distributions that decide what the file is.
    """

    write: Callable[[Any, Path], None]
    read: Callable[[Path], Callable[[NDArray[Any]], NDArray[np.float32]]]
    libraries: tuple[str, ...]


def in_float32(model: Any) -> Any:
    """Give the network with every layer in float32: converters know no other precision for all layers."""
    if all(layer.compute_dtype == "float32" for layer in model.layers):
        return model
    copy = keras.models.clone_model(
        model, clone_function=lambda layer: type(layer).from_config(layer.get_config() | {"dtype": "float32"})
    )
    copy.set_weights(model.get_weights())
    return copy


def write_onnx(model: Any, path: Path) -> None:
    """Convert by tf2onnx; the batch may have any size."""
    try:
        import tf2onnx
    except ImportError:
        raise ExperimentError("onnx: expected the package tf2onnx to convert; pip install gridzoo[onnx]") from None
    with _functions_inlined():
        network, _ = tf2onnx.convert.from_function(
            _frozen(model), _signature(model), opset=OPSET, custom_op_handlers=LACKING
        )
    for value in (*network.graph.input, *network.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    path.write_bytes(network.SerializeToString())


def read_onnx(path: Path) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """Open with ONNX Runtime."""
    session = session_of(path)
    return lambda x: run(session, x)


def write_litert(model: Any, path: Path) -> None:
    """Convert by TensorFlow Lite into its own operations alone, so that any LiteRT runs the file."""
    with _functions_inlined():
        graph = _frozen(_with_products(model)).get_concrete_function()
    path.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([graph], tf.Module()).convert())


def read_litert(path: Path) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """Open with LiteRT."""
    try:
        from ai_edge_litert.interpreter import Interpreter  # TensorFlow's own is to be deleted
    except ImportError:
        raise ExperimentError(
            "litert: expected the package ai-edge-litert to try the file; pip install gridzoo[litert]"
        ) from None
    interpreter = Interpreter(str(path))
    (grid,), (logits,) = interpreter.get_input_details(), interpreter.get_output_details()

    def call(x: NDArray[Any]) -> NDArray[np.float32]:
        interpreter.resize_tensor_input(grid["index"], x.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(grid["index"], x)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(logits["index"]), np.float32)

    return call


def write_saved_model(model: Any, path: Path) -> None:
    """Write by Keras: a folder that TensorFlow loads and serves."""
    model.export(str(path), format="tf_saved_model", verbose=False)


def read_saved_model(path: Path) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """Open with TensorFlow."""
    loaded = tf.saved_model.load(str(path))
    return lambda x: np.asarray(loaded.serve(x).numpy(), np.float32)


WAYS = {
    "onnx": Way(write_onnx, read_onnx, ("tf2onnx", "onnx", "onnxruntime")),
    "litert": Way(write_litert, read_litert, ("ai-edge-litert",)),
    "saved_model": Way(write_saved_model, read_saved_model, ()),
}


def _signature(model: Any) -> list[Any]:
    (grid,) = model.inputs
    return [tf.TensorSpec([None, *grid.shape[1:]], grid.dtype, name="grid")]


def _frozen(model: Any) -> Any:
    """Give the network as a function whose weights are constants."""
    trained = [variable.numpy() for variable in model.trainable_variables]
    fixed = [variable.numpy() for variable in model.non_trainable_variables]

    def logits(grid: Any) -> dict[str, Any]:
        return {"logits": model.stateless_call(trained, fixed, grid, training=False)[0]}

    return tf.function(logits, input_signature=_signature(model), autograph=False)


@contextmanager
def _functions_inlined() -> Iterator[None]:
    """Draw functions that are called by a graph into it."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


def _complement(graph: Any, node: Any, name: str, args: Any) -> None:
    """Write 1 − erf: Keras' GELU uses erfc, which ONNX lacks."""
    node.type = "Erf"
    out = node.output[0]
    one = graph.make_const(f"{name}_one", np.float32(1)).output[0]
    graph.insert_new_node_on_output("Sub", out, inputs=[one, out], name=f"{name}_complement")


def _less_one(graph: Any, node: Any, name: str, args: Any) -> None:
    """Write exp − 1: Keras' ELU uses expm1, which ONNX lacks."""
    node.type = "Exp"
    out = node.output[0]
    one = graph.make_const(f"{name}_one", np.float32(1)).output[0]
    graph.insert_new_node_on_output("Sub", out, inputs=[out, one], name=f"{name}_less_one")


LACKING: dict[str, tuple[Callable[..., None], list[str]]] = {"Erfc": (_complement, []), "Expm1": (_less_one, [])}


def _with_products(model: Any) -> Any:
    """Draw one factor a channel as a product: TensorFlow Lite gets its einsum wrong on one axis."""

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(layer, keras.layers.EinsumDense) and layer.kernel.shape == args[0].shape[-1:]:
            return keras.ops.multiply(args[0], layer.kernel.numpy())
        return layer(*args, **kwargs)

    return keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=call)
