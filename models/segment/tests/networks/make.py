"""Makes the tiny networks of the tests: python make.py; needs numpy and onnx.

threshold.onnx  two tissues, voxel by voxel: class 1 where the input is above 0.3, class 2 where it is above 0.7
shifted.onnx    as class 1 of the first, but told of the voxel before it along the tensor's first axis
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

PATCH = [16, 24, 20]


def network(name, kernel, bias, pads):
    graph = helper.make_graph(
        [helper.make_node("Conv", ["ct", "kernel", "bias"], ["logits"], pads=pads)],
        name,
        [helper.make_tensor_value_info("ct", TensorProto.FLOAT, [1, 1, *PATCH])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(bias), *PATCH])],
        [
            numpy_helper.from_array(np.asarray(kernel, np.float32), "kernel"),
            numpy_helper.from_array(np.asarray(bias, np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save(model, Path(__file__).with_name(f"{name}.onnx"))


steep = 40.0
# Logits 0, s(x - 0.3), s(2x - 1.0): the third overtakes the second at 0.7.
network(
    "threshold",
    np.reshape([0.0, steep, 2 * steep], (3, 1, 1, 1, 1)),
    [0.0, -0.3 * steep, -1.0 * steep],
    [0] * 6,
)
before = np.zeros((2, 1, 3, 1, 1))
before[1, 0, 0] = steep
network("shifted", before, [0.0, -0.3 * steep], [1, 0, 0, 1, 0, 0])
