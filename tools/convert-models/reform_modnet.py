"""Rewrites MODNet's graph without changing what it computes, so that it runs faster and can be quantised.

- Each convolution before a pair of normalisations (half of the channels batch-normalised, half instance-normalised) takes the
  batch normalisation into its weights.
- The last 3x3 convolution reads the picture beside other channels; it becomes two, so that each input has a range of its own.
- Its other channels are an enlargement by two. The four phases are computed at half size from the small channels instead; the
  small channels are continued outwards, so the outermost ring of pixels differs a little from the original.
- The instance-normalised half of a convolution may be shifted and scaled at will, since the normalisation takes both out again:
  each channel is brought to the range of the other half, which then needs no more bits.

Leaves out the encoder: its depthwise layers are slower and less exact in 8 bits (see README.md).
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper, version_converter

OPSET = 17
# Names in the original graph: the enlarged channels before the last 3x3 convolution, and their source.
SMALL, ENLARGED, LAST = "986", "991", "993"


class Graph:
    """A model's nodes and constants by name."""

    def __init__(self, model):
        self.model = model
        graph = model.graph
        self.values = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant":
                self.values[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        self.nodes = [n for n in graph.node if n.op_type != "Constant"]
        self.index()

    def index(self):
        self.maker = {o: n for n in self.nodes for o in n.output}
        self.users = {}
        for node in self.nodes:
            for name in node.input:
                self.users.setdefault(name, []).append(node)

    def constant(self, name, value):
        self.values[name] = np.ascontiguousarray(value)
        return name

    def replace(self, gone, made, at):
        """Puts `made` where `at` stood and drops `gone`."""
        dropped = {id(n) for n in gone}
        self.nodes = [m for n in self.nodes for m in (made if n is at else [] if id(n) in dropped else [n])]
        self.index()

    def finish(self):
        graph = self.model.graph
        used = {name for node in self.nodes for name in node.input}
        for node in self.nodes:
            node.name = f"{node.op_type}_{node.output[0]}"
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(self.nodes)
        graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in self.values.items() if k in used)
        model = onnx.shape_inference.infer_shapes(self.model)
        onnx.checker.check_model(model)
        return model


def attribute(node, name):
    return next(helper.get_attribute_value(a) for a in node.attribute if a.name == name)


def fold_batch_norm(graph):
    """Takes each half batch normalisation into its convolution."""
    for norm in [n for n in graph.nodes if n.op_type == "BatchNormalization"]:
        half = graph.maker[norm.input[0]]
        convolution = graph.maker[half.input[0]]
        gain, shift, mean, variance = (graph.values[x].astype(np.float64) for x in norm.input[1:])
        gain = gain / np.sqrt(variance + attribute(norm, "epsilon"))
        weights, bias = (graph.values[x].astype(np.float64) for x in convolution.input[1:])
        count = len(gain)
        weights[:count] *= gain[:, None, None, None]
        bias[:count] = (bias[:count] - mean) * gain + shift
        for name, value in zip(convolution.input[1:], (weights, bias)):
            graph.values[name] = value.astype(np.float32)
        after = graph.users[norm.output[0]][0]
        after.input[:] = [half.output[0] if x == norm.output[0] else x for x in after.input]
        graph.replace([norm], [], None)


def part_from_picture(graph):
    """The last 3x3 convolution, over the enlarged channels and then the picture's three, becomes a sum of two."""
    convolution = graph.maker[LAST]
    joined = graph.maker[convolution.input[0]]
    enlarged, picture = joined.input
    weights, bias = (graph.values[x] for x in convolution.input[1:])
    own = {a.name: helper.get_attribute_value(a) for a in convolution.attribute}
    rest = graph.constant(f"{LAST}_weights", weights[:, :-3])
    three = graph.constant(f"{LAST}_picture_weights", weights[:, -3:])
    zero = graph.constant(f"{LAST}_zero", np.zeros_like(bias))
    made = [
        helper.make_node("Conv", [enlarged, rest, convolution.input[2]], [f"{LAST}_rest"], **own),
        helper.make_node("Conv", [picture, three, zero], [f"{LAST}_picture"], **own),
        helper.make_node("Add", [f"{LAST}_rest", f"{LAST}_picture"], [LAST]),
    ]
    graph.replace([joined, convolution], made, convolution)


def enlargement():
    """[phase, tap, small]: what a tap of a fine phase reads of the three nearest small pixels (bilinear, half-pixel centres)."""
    table = np.zeros((2, 3, 3))
    for phase in (0, 1):
        for tap in (-1, 0, 1):
            near, odd = divmod(phase + tap, 2)
            table[phase, tap + 1, near + 1] += 0.75
            table[phase, tap + 1, (near + 1 if odd else near - 1) + 1] += 0.25
    return table


def regrouping():
    """[phase, tap, parity, small]: the same for a picture that is regrouped, not enlarged."""
    table = np.zeros((2, 3, 2, 3))
    for phase in (0, 1):
        for tap in (-1, 0, 1):
            near, odd = divmod(phase + tap, 2)
            table[phase, tap + 1, odd, near + 1] = 1
    return table


def last_by_phases(graph):
    """The last 3x3 convolution and what follows, at half size: channel 4 c + p is phase p of channel c."""
    rest, picture, added = (graph.maker[f"{LAST}_rest"], graph.maker[f"{LAST}_picture"], graph.maker[LAST])
    plain, normal = graph.users[LAST]
    norm = graph.users[normal.output[0]][0]
    joined = graph.users[norm.output[0]][0]
    relu = graph.users[joined.output[0]][0]
    final = graph.users[relu.output[0]][0]
    up, direct = graph.values[rest.input[1]].astype(np.float64), graph.values[picture.input[1]].astype(np.float64)
    count = len(up)
    up = np.einsum("ocyx,pyi,qxj->opqcij", up, enlargement(), enlargement()).reshape(4 * count, -1, 3, 3)
    direct = np.einsum("ocyx,pyai,qxbj->opqabcij", direct, regrouping(), regrouping()).reshape(4 * count, -1, 3, 3)
    bias = np.repeat(graph.values[rest.input[2]], 4)
    weights = graph.values[final.input[1]][0, :, 0, 0]
    by_phase = np.zeros((4, 4 * count, 1, 1), np.float32)
    for phase in range(4):
        by_phase[phase, phase::4, 0, 0] = weights
    constant, node = graph.constant, helper.make_node
    edge = constant("ring", np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64))
    made = [
        node("Pad", [SMALL, edge], ["ringed"], mode="edge"),
        node("Conv", ["ringed", constant("up", up.astype(np.float32)), constant("up_bias", bias)], [rest.output[0]], kernel_shape=[3, 3]),
        node("SpaceToDepth", ["input"], ["regrouped"], blocksize=2),
        node("Conv", ["regrouped", constant("direct", direct.astype(np.float32)), constant("direct_zero", 0 * bias)],
             [picture.output[0]], kernel_shape=[3, 3], pads=[1] * 4),
        added,
        node("Split", [LAST, constant("halves", np.array([2 * count] * 2, np.int64))], ["plain", "normal"], axis=1),
        node("Reshape", ["normal", constant("by_channel", np.array([1, count // 2, -1], np.int64))], ["together"]),
        node("InstanceNormalization", ["together", *norm.input[1:]], ["normalised"], epsilon=attribute(norm, "epsilon")),
        node("Shape", ["normal"], ["size"]),
        node("Reshape", ["normalised", "size"], ["apart"]),
        node("Concat", ["plain", "apart"], ["features"], axis=1),
        node("Relu", ["features"], ["bright"]),
        node("Conv", ["bright", constant("final", by_phase), constant("final_bias", np.repeat(graph.values[final.input[2]], 4))],
             ["phases"], kernel_shape=[1, 1]),
        node("DepthToSpace", ["phases"], [final.output[0]], blocksize=2, mode="DCR"),
    ]
    gone = [graph.maker[ENLARGED], rest, picture, plain, normal, norm, joined, relu, final]
    graph.replace([*gone, added], made, final)


def reform(path):
    """The rewritten model, still in 32-bit floats."""
    model = onnx.load(path)
    graph = Graph(model)
    fold_batch_norm(graph)
    part_from_picture(graph)
    graph = Graph(version_converter.convert_version(graph.finish(), OPSET))
    last_by_phases(graph)
    return graph.finish()


def normalised(graph):
    """Each convolution's value before the two halves, its nodes, and how many neighbouring channels share one normalisation."""
    for norm in [n for n in graph.nodes if n.op_type == "InstanceNormalization"]:
        half, shared = graph.maker[norm.input[0]], 1
        if half.op_type == "Reshape":
            half, shared = graph.maker[half.input[0]], 4
        value = half.input[0]
        node = graph.maker[value]
        yield value, [node] if node.op_type == "Conv" else [graph.maker[i] for i in node.input], shared


def equalise(model, seen, tail=0.02):
    """Brings the instance-normalised channels to the range of the others. `seen` holds samples of each value, [channel, n];
    `tail` is the share, in percent, left out at either end. Answers the model and the range of each convolution's output."""
    graph, ranges = Graph(model), {}
    for value, convolutions, shared in normalised(graph):
        sample = seen[value]
        half = len(sample) // 2
        top = np.percentile(np.maximum(sample[:half], 0), 100 - tail / 4)
        low, high = (np.percentile(sample[half:], p, axis=1).reshape(-1, shared) for p in (tail, 100 - tail))
        low, high = low.min(1).repeat(shared), high.max(1).repeat(shared)
        gain = top / np.maximum(high - low, 1e-3)
        for convolution in convolutions:
            weights, bias = (graph.values[x].copy() for x in convolution.input[1:])
            weights[half:] *= gain[:, None, None, None]
            bias[half:] *= gain
            if convolution is convolutions[0]:
                bias[half:] -= low * gain
            for name, new in zip(convolution.input[1:], (weights, bias)):
                graph.values[name] = new.astype(np.float32)
        if len(convolutions) == 1:
            ranges[value] = (np.float32(0), np.float32(top))
    return graph.finish(), ranges
