"""U1, Q7: every file of the malicious corpus is refused, within bounds of memory and time."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.errors import Refusal
from foundation.files.profiles import ANY_OFFICE
from foundation.files.services import check_upload
from tests.files.malicious import samples

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = [pytest.param(name, content, id=label) for label, name, content in samples()]


def test_the_corpus_is_large_enough():
    assert len(SAMPLES) >= 200


@pytest.mark.parametrize(("name", "content"), SAMPLES)
def test_it_is_refused_in_words_and_in_time(name, content):
    started = time.process_time()
    with pytest.raises(Refusal) as refused:
        check_upload(SimpleUploadedFile(name, content), profile=ANY_OFFICE)
    assert time.process_time() - started < 10
    [reason] = refused.value.reasons
    assert "«" in reason.message
    assert "%(" not in reason.message
    assert reason.field == "file"


READER = """
import re, sys
from pathlib import Path
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from foundation.errors import Refusal
from foundation.files.profiles import ANY_OFFICE
from foundation.files.services import check_upload
refused = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    name, _cut, content = path.read_bytes().partition(b"\\0")
    try:
        check_upload(SimpleUploadedFile(name.decode(), content), profile=ANY_OFFICE)
    except Refusal:
        refused += 1
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(refused, peak.group(1))
"""


def test_memory_stays_under_half_a_gigabyte(tmp_path):
    """One process receives the whole corpus; what it needed at its worst moment is told by the system. The kernel
    bounds those that read it (`test_bounds.py`).
    """
    for number, (_label, name, content) in enumerate(samples()):
        (tmp_path / f"{number:04d}").write_bytes(name.encode() + b"\0" + content)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    refused, kibibytes = map(int, done.stdout.split())
    assert refused == len(SAMPLES)
    assert kibibytes < 512 * 1024
