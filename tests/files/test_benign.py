"""U2, Q7: at least 99 % of ordinary office files are accepted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.errors import Refusal
from foundation.files.checks.whole import check_content
from foundation.files.findings import Finding
from foundation.files.names import extension
from foundation.files.profiles import ANY_OFFICE, FORMATS
from foundation.files.services import check_upload
from foundation.files.streaming import StreamCheck
from tests.files import benign


@pytest.fixture(scope="module")
def corpus():
    return list(benign.samples())


def test_the_corpus_is_large_enough(corpus):
    assert len(corpus) >= 200


def test_ordinary_files_are_accepted(corpus):
    refused = []
    for label, name, content in corpus:
        try:
            checked = check_upload(SimpleUploadedFile(name, content), profile=ANY_OFFICE)
            assert checked.media_type == FORMATS[extension(name)]
            assert checked.size == len(content)
        except Refusal as refusal:
            refused.append(f"{label}: {refusal}")
    assert len(refused) <= len(corpus) // 100, refused


def test_what_a_bidder_sends_is_accepted_as_it_streams(corpus):
    """The checks of the deposit never say more than the whole check."""
    refused = []
    for label, name, content in corpus:
        try:
            check = StreamCheck(name, ANY_OFFICE)
            for start in range(0, len(content), 1000):
                check.take(content[start : start + 1000])
            check.close()
        except Finding as found:
            refused.append(f"{label}: {found.code}")
    assert len(refused) <= len(corpus) // 100, refused


def test_the_check_fails_when_it_should(corpus):
    """The corpus is not accepted because nothing is looked at: each file under another's extension."""
    for label, name, content in corpus:
        other = "png" if extension(name) != "png" else "pdf"
        with pytest.raises(Finding):
            check_content(other, content, ANY_OFFICE)
            pytest.fail(label)
