"""The checks on words and lints: each finds what it is for, in a small repository made for it."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from loading import TOOLS, tool

lints = tool("check-lints")


class Words(unittest.TestCase):
    """tools/check-words, copied into a repository with one file."""

    def check(self, name, text):
        """Its exit status and output for one tracked file."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "tools").mkdir()
            shutil.copy(TOOLS / "check-words", root / "tools")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            subprocess.run(["git", "init", "-q"], cwd=root, check=True)
            subprocess.run(["git", "add", "."], cwd=root, check=True)
            done = subprocess.run([root / "tools/check-words"], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout

    def test_what_must_not_be_there_is_found(self):
        for name, text in (
            ("a.md", "see /ho" "me/jane/notes"), ("a.rs", "// TO" "DO: later"), ("a.rs", "#[ig" "nore]\n"),
            ("a.rs", "to" "do!()"), ("ui/a.test.ts", "it.sk" "ip('x')"), ("a.toml", 'path = "/ro' 'ot/x"'),
        ):
            status, out = self.check(name, text + "\n")
            self.assertEqual(status, 1, f"{text!r} in {name} was let through")
            self.assertIn(f"{name}:1", out)

    def test_ordinary_text_passes(self):
        for name, text in (("a.md", "$HOME/.cache, ~/work/x, the roots / of it"), ("a.rs", "fn skip() {}"), ("a.md", "todos")):
            self.assertEqual(self.check(name, text), (0, ""), f"{text!r} in {name}")


class Lints(unittest.TestCase):
    """tools/check-lints on text."""

    def test_an_exception_without_a_reason_is_found_with_its_line(self):
        for text in ("\n#[allow(clippy::panic)]", "\n#![allow(\n  dead_code,\n)]", '\n#[cfg_attr(test, allow(dead_code))]', "\n#[expect(x)]"):
            found = list(lints.check_exceptions("a.rs", text))
            self.assertEqual(len(found), 1, text)
            self.assertTrue(found[0].startswith("a.rs:2: "), found)

    def test_an_exception_with_a_reason_passes(self):
        for text in ('#[expect(clippy::panic, reason = "a test")]', '#![allow(\n a,\n reason = "x (y)"\n)]', "#[derive(Debug)]"):
            self.assertEqual(list(lints.check_exceptions("a.rs", text)), [], text)

    def test_a_table_without_a_rule_is_found(self):
        missing = list(lints.check_table({"workspace": {"lints": {"clippy": {"panic": "warn"}}}}))
        self.assertIn("Cargo.toml: [workspace.lints.clippy] must deny panic", missing)
        self.assertIn("Cargo.toml: [workspace.lints.rust] must warn of missing_docs", missing)


if __name__ == "__main__":
    unittest.main()
