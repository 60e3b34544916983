"""Set-up: what is damaged is fetched again, what can't be had is named, and nothing half-made gets a name."""

import hashlib
import io
import os
import pathlib
import tempfile
import tomllib
import unittest
import unittest.mock

from loading import TOOLS, tool

setup = tool("setup")
GOOD = b"the weights"


def entry(content=GOOD):
    """A lock entry that means this content."""
    return {
        "name": "net.onnx", "into": "models", "source": "test", "package": "nets", "version": "1", "path": "nets/net.onnx",
        "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    }


class Placing(unittest.TestCase):
    """One file of the lock, in a cache of its own, from a source that answers as the test says."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name)
        self.target = self.cache / "models/net.onnx"
        self.asked = []
        for patch in (
            unittest.mock.patch.object(setup, "CACHE", self.cache),
            unittest.mock.patch.object(setup, "say", lambda text: None),
            unittest.mock.patch.dict(setup.SOURCES, {"test": self.source}),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        self.answers = []

    def source(self, _entry, _into, again):
        self.asked.append(again)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    def test_an_absent_file_is_fetched_once(self):
        self.answers = [GOOD]
        setup.place(entry())
        setup.place(entry())
        self.assertEqual(self.target.read_bytes(), GOOD)
        self.assertEqual(self.asked, [False], "an intact file is not fetched again")

    def test_a_damaged_file_is_replaced(self):
        for damage in (b"", GOOD[:-1], b"THE WEIGHTS"):
            self.target.parent.mkdir(exist_ok=True)
            self.target.write_bytes(damage)
            self.answers = [GOOD]
            setup.place(entry())
            self.assertEqual(self.target.read_bytes(), GOOD, f"after {damage!r}")

    def test_a_corrupt_download_is_tried_again_without_caches(self):
        self.answers = [b"rubbish", GOOD]
        setup.place(entry())
        self.assertEqual(self.target.read_bytes(), GOOD)
        self.assertEqual(self.asked, [False, True])

    def test_what_cannot_be_had_is_named_and_leaves_nothing(self):
        for trouble in (b"rubbish", KeyError("nets/net.onnx"), OSError("no network"), setup.Missing("`pip` failed")):
            self.answers = [trouble, trouble]
            with self.assertRaises(setup.Missing) as refused:
                setup.place(entry())
            self.assertIn("net.onnx", str(refused.exception))
            self.assertIn("nets 1", str(refused.exception))
            self.assertEqual(list((self.cache / "models").iterdir()), [], f"after {trouble!r}")


class Lock(unittest.TestCase):
    """The lock file itself."""

    def test_every_entry_is_complete_and_the_committed_files_are_the_ones_meant(self):
        entries = tomllib.loads((TOOLS.parent / "assets/models.lock").read_text())["file"]
        self.assertGreaterEqual(len(entries), 7)
        for found in entries:
            with self.subTest(found["name"]):
                self.assertRegex(found["sha256"], "^[0-9a-f]{64}$")
                self.assertTrue(found["licence"])
                self.assertIn(found["source"], setup.SOURCES)
                if found["source"] == "committed":
                    self.assertTrue(setup.intact(TOOLS.parent / found["path"], found), "the committed file has other bytes")
                else:
                    self.assertTrue(found["package"] and found["version"])


class Tools(unittest.TestCase):
    """What a newcomer brings."""

    def test_versions_are_compared_as_numbers(self):
        for text in ("cargo 1.95.0 (abc)", "cargo 1.100.1", "cargo 2.0.0"):
            setup.at_least("Rust", text, (1, 95), "")
        for text in ("cargo 1.94.9", "v0.99", None, ""):
            with self.assertRaises(setup.Missing, msg=f"{text!r} was taken"):
                setup.at_least("Rust", text, (1, 95), "advice")

    def test_without_root_or_sudo_the_packages_are_named(self):
        with (
            unittest.mock.patch.object(os, "geteuid", lambda: 1000),
            unittest.mock.patch.object(setup.shutil, "which", lambda name: None),
            self.assertRaisesRegex(setup.Missing, "neither root nor sudo.*xvfb"),
        ):
            setup.root_prefix(["xvfb"])

    def test_a_package_that_debian_does_not_have_is_missing(self):
        self.assertEqual(setup.missing_packages(["dpkg", "no-such-package-at-all"]), ["no-such-package-at-all"])


if __name__ == "__main__":
    unittest.main()
