import tempfile
from pathlib import Path
from unittest import TestCase, mock

from devtools import lint


class TestLint(TestCase):
    def test_what_is_edited_meanwhile_is_not_mended(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            mock.patch.multiple(lint, REPOSITORY=Path(folder), say=str),
        ):
            (copy := Path(folder, "copy")).mkdir()
            for name, now in {"one": "old", "two": "edited"}.items():
                Path(folder, name).write_text(now)
                (copy / name).write_text("mended")
            lint._copy_back(copy, {"one": b"old", "two": b"old"})
            self.assertEqual(Path(folder, "one").read_text(), "mended")
            self.assertEqual(Path(folder, "two").read_text(), "edited")
