"""The ONNX file of a network, written as its few operators.

torch.onnx has another way of exporting in almost every version, and asks for packages beside PyTorch; a file of a dozen kinds of operator needs
neither. Messages are those of onnx.proto3, IR version 7, operators of version 13.
"""

import numpy as np
import torch

FLOAT = 1


def varint(value):
    """A whole number from 0, or negative in 64 bits."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def field(number, value):
    """A field of a message: a number, or text, bytes and messages with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    """Of a node: a whole number or a list of them."""
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, 2)
    return field(1, name) + b"".join(field(8, one) for one in value) + field(20, 7)


def tensor(name, values):
    """A constant of floats."""
    values = np.ascontiguousarray(values, "<f4")
    return b"".join(field(1, size) for size in values.shape) + field(2, FLOAT) + field(8, name) + field(9, values.tobytes())


def described(name, shape):
    """Name and shape of an input or output."""
    dimensions = b"".join(field(1, field(1, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, dimensions)))


class Graph:
    """Nodes and constants as they are added; each node has one output, named by its number."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, values):
        name = f"c{len(self.constants)}"
        self.constants.append(tensor(name, values.detach().cpu().double().numpy() if torch.is_tensor(values) else values))
        return name

    def add(self, kind, *inputs, name=None, **attributes):
        name = name or f"n{len(self.nodes)}"
        node = b"".join(field(1, one) for one in inputs) + field(2, name) + field(3, name) + field(4, kind)
        self.nodes.append(node + b"".join(field(5, attribute(*one)) for one in attributes.items()))
        return name

    def convolution(self, x, layers):
        """A convolution with its normalisation folded in."""
        layer, normal = layers
        scale = normal.weight.double() / (normal.running_var.double() + normal.eps).sqrt()
        weights = self.constant(layer.weight.double() * scale[:, None, None, None])
        constants = self.constant(normal.bias.double() - normal.running_mean.double() * scale)
        pads, strides = [layer.padding[0]] * 4, list(layer.stride)
        return self.add("Conv", x, weights, constants, kernel_shape=list(layer.kernel_size), pads=pads, strides=strides)

    def bytes(self, inputs, outputs):
        graph = b"".join(field(1, node) for node in self.nodes) + field(2, "coxa")
        graph += b"".join(field(5, one) for one in self.constants)
        graph += b"".join(field(11, described(*one)) for one in inputs) + b"".join(field(12, described(*one)) for one in outputs)
        return field(1, 7) + field(2, "coxa") + field(7, graph) + field(8, field(1, "") + field(2, 13))


def beside_of(graph, network):
    """The numbers beside the image: standardised, and whether each is missing."""
    missing = graph.add("IsNaN", "covariates")
    filled = graph.add("Where", missing, graph.constant(network.median[None]), "covariates")
    centred = graph.add("Sub", filled, graph.constant(network.mean[None]))
    values = graph.add("Mul", centred, graph.constant(1 / network.deviation[None].double()))
    return values, graph.add("Cast", missing, to=FLOAT)


def graph(network, plan):
    """Bytes of the file: inputs `image` and, where there are numbers, `covariates`; for each output `output_ID` and `maps_ID`."""
    image = plan["image"]
    shape = [1, image["channels"], image["rows"], image["columns"]]
    graph, inputs, outputs = Graph(), [("image", shape)], []
    centred = graph.add("Sub", "image", graph.constant(network.pixel_mean[None]))
    x = graph.add("Mul", centred, graph.constant(1 / network.pixel_deviation[None].double()))
    x = graph.add("Relu", graph.convolution(x, network.stem))
    rows, columns = -(-image["rows"] // 2), -(-image["columns"] // 2)
    for block in network.blocks:
        past = x if block.past is None else graph.convolution(x, block.past)
        inner = graph.add("Relu", graph.convolution(x, block.first))
        x = graph.add("Relu", graph.add("Add", graph.convolution(inner, block.second), past))
        stride = block.first[0].stride[0]
        rows, columns = -(-rows // stride), -(-columns // stride)
    if network.numbers:
        inputs.append(("covariates", [1, network.numbers]))
        values, missing = beside_of(graph, network)
    for at, output in enumerate(plan["outputs"]):
        name, size = output["id"], output["size"]
        scale = network.truth_deviation[at].double() if output["kind"] == "number" else 1.0
        shift = network.truth_mean[at].double() if output["kind"] == "number" else 0.0
        maps = graph.constant(network.heads[at].weight.double() * scale)
        maps = graph.add("Conv", x, maps, name=f"maps_{name}", kernel_shape=[1, 1], pads=[0] * 4, strides=[1, 1])
        answer = graph.add("ReduceMean", maps, axes=[2, 3], keepdims=0)
        if network.numbers:
            of_values, of_missing = network.linear[at].double().chunk(2)
            of_missing = of_missing * network.may_miss[:, None]
            answer = graph.add("Add", answer, graph.add("MatMul", values, graph.constant(of_values * scale)))
            answer = graph.add("Add", answer, graph.add("MatMul", missing, graph.constant(of_missing * scale)))
        constant = graph.constant((network.constants[at].double() * scale + shift)[None])
        graph.add("Add", answer, constant, name=f"output_{name}")
        outputs += [(f"output_{name}", [1, size]), (f"maps_{name}", [1, size, rows, columns])]
    return graph.bytes(inputs, outputs)
