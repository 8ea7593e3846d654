"""Makes the tiny network of the tests: python make.py; needs numpy and onnx.

bright/bright.onnx  yes by 8 x - 2 on the average over the image and 0.02 a year of age; the level is a hundred times the mean
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

SIDE = 32
FLOAT = TensorProto.FLOAT


def value(name, shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def constant(name, numbers):
    return numpy_helper.from_array(np.asarray(numbers, np.float32), name)


graph = helper.make_graph(
    [
        helper.make_node("Conv", ["image", "kernel", "bias"], ["maps_bright"]),
        helper.make_node("ReduceMean", ["maps_bright"], ["mean_map"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["covariates", "by_year"], ["of_age"]),
        helper.make_node("Add", ["mean_map", "of_age"], ["bright"]),
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "hundred"], ["level"]),
    ],
    "bright",
    [value("image", [1, 1, SIDE, SIDE]), value("covariates", [1, 1])],
    [value("bright", [1, 1]), value("level", [1, 1]), value("maps_bright", [1, 1, SIDE, SIDE])],
    [
        constant("kernel", np.full((1, 1, 1, 1), 8.0)),
        constant("bias", [-2.0]),
        constant("by_year", [[0.02]]),
        constant("hundred", [[100.0]]),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
save(model, Path(__file__).with_name("bright") / "bright.onnx")
