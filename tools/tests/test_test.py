"""The test runner: what it counts, what it takes for a failure, and that it leaves no process behind."""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

from loading import TOOLS, tool

runner = tool("test")

CARGO = """
running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.01s
test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
"""
VITEST = """
 Test Files  1 failed | 2 passed (3)
      Tests  1 failed | 29 passed (30)
   Start at  10:00:00
"""
NODE = "1..7\n# tests 7\n# pass 6\n# fail 1\n# cancelled 0\n"
VITEST_COLOURED = "\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m29 passed\x1b[39m\x1b[22m\x1b[90m (29)\x1b[39m\n"
BROKEN = {
    "late::a_cut_is_mended": """
test late::a_cut_is_mended ... FAILED
failures:

---- late::a_cut_is_mended stdout ----

thread 'late::a_cut_is_mended' panicked at crates/sync/tests/late.rs:7:9:
the reason
failures:
    late::a_cut_is_mended
""",
    "src/pay.test.ts > pay > adds up": " FAIL  src/pay.test.ts > pay > adds up\nthe reason\n",
    "test_sum (sums.Sums.test_sum)": "FAIL: test_sum (sums.Sums.test_sum)\n-----\nthe reason\n",
    "the page is clean": "not ok 3 - the page is clean\n  ---\n  the reason\n",
    "the page is quick (30.2ms)": "✖ the page is quick (30.2ms)\n  the reason\n",
}
UNITTEST = "Ran 12 tests in 0.4s\n\nFAILED (failures=1, errors=2)\nRan 1 test in 0.1s\n\nOK\n"


class Counting(unittest.TestCase):
    """Results as the test programs print them."""

    def test_results_are_summed(self):
        for text, expected in (
            (CARGO, (7, 2)), (VITEST, (29, 1)), (VITEST_COLOURED, (29, 0)), (UNITTEST, (10, 3)), (NODE, (6, 1)), ("nothing", (0, 0)),
            (CARGO.replace("\n", "\r\n"), (7, 2)), (CARGO + VITEST, (36, 3)),
        ):
            self.assertEqual(runner.count(text), expected, text)

    def test_a_stage_is_judged(self):
        tests, check = runner.Stage("t", "", (), tests=True), runner.Stage("c", "", ())
        for stage, text, succeeded, expected in (
            (tests, CARGO, False, (7, 2)),
            (tests, "test result: ok. 3 passed; 0 failed;", True, (3, 0)),
            (tests, "test result: ok. 3 passed; 0 failed;", False, (3, 1)),
            (tests, "test result: ok. 0 passed; 0 failed;", True, (0, 1)),
            (tests, "it did not compile", False, (0, 1)),
            (check, CARGO, True, (1, 0)),
            (check, "", False, (0, 1)),
        ):
            self.assertEqual(runner.judge(stage, text, succeeded), expected, (stage.name, text, succeeded))

    def test_what_failed_is_named_with_its_words(self):
        for name, text in BROKEN.items():
            ((found, said),) = runner.broken(text)
            self.assertEqual(found, name)
            self.assertIn("the reason", "\n".join(said))
        self.assertEqual(runner.broken("test late::a_cut_is_mended ... ok\nok 1 - the page is clean\n"), ())
        many = runner.broken("".join(f"FAIL: test_{n}\n" for n in range(50)))
        self.assertEqual(len(many), runner.WORDS_TESTS)


class Running(unittest.TestCase):
    """Whole runs, of small commands instead of the project's."""

    def run_stages(self, *stages):
        """A run in a process of its own, with a cache of its own: exit status and output."""
        body = (
            f"import sys; sys.path.insert(0, {str(TOOLS / 'tests')!r})\n"
            "import pathlib, loading\n"
            "runner = loading.tool('test')\n"
            "runner.LOGS, runner.ROOT, runner.LEAVING_S = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1]), 0.2\n"
            f"runner.stages = lambda: [{', '.join('runner.' + repr(s) for s in stages)}]\n"
            "sys.exit(runner.main([]))\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            surroundings = dict(os.environ, XDG_CACHE_HOME=folder)
            done = subprocess.run([sys.executable, "-c", body, folder], env=surroundings, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_a_failing_stage_stops_nothing_and_shows_its_end(self):
        status, out, err = self.run_stages(
            runner.Stage("first", "", (["sh", "-c", "echo the reason; exit 3"],)),
            runner.Stage("absent", "", (["no-such-command-at-all"],)),
            runner.Stage("last", "", (["echo", "test result: ok. 5 passed; 0 failed;"],), tests=True),
        )
        self.assertEqual(status, 1, err)
        self.assertIn("the reason", out)
        self.assertEqual(out.splitlines()[-1], "5 passed, 2 failed")

    def test_what_failed_is_said_again_at_the_end(self):
        _, out, err = self.run_stages(
            runner.Stage("early", "", (["sh", "-c", "printf -- '---- a::b stdout ----\\nthe reason\\n'; exit 1"],), tests=True),
            runner.Stage("last", "", (["seq", "100"],)),
        )
        end = out.splitlines()[-6:]
        self.assertEqual(end[:3], ["failed: early", "    a::b", "      | the reason"], err)

    def test_success_is_status_zero(self):
        status, out, err = self.run_stages(runner.Stage("only", "", (["true"],)))
        self.assertEqual((status, out.splitlines()[-1]), (0, "1 passed, 0 failed"), err)

    def test_a_process_left_behind_is_ended_and_named(self):
        with tempfile.TemporaryDirectory() as folder:
            note = pathlib.Path(folder) / "pid"
            left = f"setsid sh -c 'echo $$ > {note}; exec sleep 600' > /dev/null 2>&1 &\nwhile [ ! -s {note} ]; do :; done"
            status, out, err = self.run_stages(runner.Stage("untidy", "", (["sh", "-c", left],)))
            self.assertEqual(status, 0, err)
            self.assertRegex(out, "ended what it left running: .*sleep")
            self.assertFalse(pathlib.Path(f"/proc/{note.read_text().strip()}").exists(), "it still runs")

    def test_builds_that_outgrew_the_limit_are_removed_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ, XDG_CACHE_HOME=folder):
            cache = pathlib.Path(folder) / "campus-booth"
            for name in ("target/debug/deps/program", "models/net.onnx"):
                (cache / name).parent.mkdir(parents=True)
                (cache / name).write_bytes(b"x" * 100_000)
            (cache / "target/debug/gone").symlink_to("nowhere")
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                runner.tidy(200_000)
                self.assertTrue((cache / "target/debug/deps/program").exists())
                runner.tidy(50_000)
                runner.tidy(0)
            self.assertFalse((cache / "target").exists())
            self.assertTrue((cache / "models/net.onnx").exists())
            self.assertEqual(said.getvalue().count("compiled again"), 1)

    def test_an_unknown_stage_is_refused(self):
        with self.assertRaises(SystemExit) as refused:
            runner.choose(["nonsense"])
        self.assertIn("nonsense", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
