"""CIFAR-10 as torchvision has it: pickles and archives, written by the real Python and NumPy."""
import os
import pickle
import tarfile
import unittest

import numpy as np

import support


class Python2(pickle._Pickler):
    """Writes strings as Python 2 did, in whose pickles CIFAR-10 is given out."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        data = value if isinstance(value, bytes) else value.encode()
        self.write(b"U" + bytes([len(data)]) + data if len(data) < 256 else b"T" + len(data).to_bytes(4, "little") + data)
        self.memoize(value)

    dispatch[bytes] = dispatch[str] = save_string


def dump(batch, f, how):
    if how == "Python 2":
        Python2(f, 2).dump(batch)
    else:
        pickle.dump(batch, f, how)


def write_pickles(folder, ways):
    """The six files as pickles, file i in the way i; each is a Python version or a protocol."""
    folder.mkdir(parents=True)
    for name, how in zip(support.FILES, ways):
        records = np.fromfile(support.data_dir() / name, np.uint8).reshape(-1, 3073)
        pixels = records[:, 1:].copy()
        if how == 4:
            pixels = np.asfortranarray(pixels)
        batch = {b"batch_label": b"training batch", b"labels": records[:, 0].tolist(), b"data": pixels,
                 b"filenames": [b"camion_s_%06d.png" % i for i in range(len(records))]}
        with open(folder / name.removesuffix(".bin"), "wb") as f:
            dump(batch, f, how)
    return folder


def digest(path):
    return support.run_json("data", "info", "--dataset", "cifar10", "--data", path)["digest"]


class TestData(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = support.scratch() / "torchvision"
        write_pickles(cls.root / "cifar-10-batches-py", ["Python 2", 2, 3, 4, 5, "Python 2"])
        cls.want = digest(support.data_dir())

    def test_folder(self):
        self.assertEqual(digest(self.root / "cifar-10-batches-py"), self.want)
        self.assertEqual(digest(self.root), self.want)

    def test_archives(self):
        for path, folder in ((self.root / "cifar-10-batches-py", "cifar-10-batches-py"), (support.data_dir(), "cifar-10-batches-bin")):
            name = support.scratch() / f"{folder}.tar.gz"
            with tarfile.open(name, "w:gz", compresslevel=1) as archive:
                archive.add(path, folder)
            self.assertEqual(digest(name), self.want, name)
            name.unlink()

    def test_nothing_is_executed(self):
        class Shell:
            def __reduce__(self):
                return os.system, (f"touch {support.scratch()}/executed",)

        folder = support.scratch() / "hostile"
        folder.mkdir()
        for how, system in ((2, "posix.system"), (4, "posix.system")):
            with open(folder / "data_batch_1", "wb") as f:
                pickle.dump({b"data": Shell()}, f, how)
            _, told = support.run("data", "info", "--data", folder, code=2)
            self.assertRegex(told, rf'data_batch_1: byte \d+: names "{system}", which no batch of CIFAR-10 has; nothing was executed')
            self.assertEqual(told.count("\n"), 1)
        self.assertFalse((support.scratch() / "executed").exists())


if __name__ == "__main__":
    unittest.main()
