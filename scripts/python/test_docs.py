"""What docs/python.md shows is executed, block by block, in one folder and one Python."""
import os
import re
import subprocess
import unittest

import support


class TestDocs(unittest.TestCase):
    def test_python_md(self):
        page = (support.ROOT / "docs" / "python.md").read_text()
        folder = support.scratch() / "docs"
        folder.mkdir()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("BNLAB_", "OPENBLAS_"))}
        environment |= {"PATH": f"{os.path.dirname(support.BNLAB)}:{os.environ['PATH']}", "CIFAR10_DIR": str(support.data_dir())}
        os.environ.update(CIFAR10_DIR=environment["CIFAR10_DIR"])
        home = os.getcwd()
        self.addCleanup(os.chdir, home)
        os.chdir(folder)
        names, executed = {}, 0
        for block in re.finditer(r"^```(\w*)\n(.*?)^```$", page, re.M | re.S):
            line = page.count("\n", 0, block.start()) + 2
            kind, code = block.groups()
            if kind == "sh":
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", code], env=environment, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"docs/python.md:{line}: {code}{done.stdout}{done.stderr}")
            elif kind == "python":
                exec(compile("\n" * (line - 1) + code, "docs/python.md", "exec"), names)
            else:
                continue
            executed += 1
        self.assertGreater(executed, 5)


if __name__ == "__main__":
    unittest.main()
