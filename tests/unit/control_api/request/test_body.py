"""Content codings."""

import gzip
import tracemalloc
import zlib

import pytest

from control_api.request.body import MAX_BODY_BYTES, inflate
from control_api.request.errors import ApiError

TEXT = b'{"system_prompt": "hello"}'


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (bare_deflate(TEXT), "deflate"),
    ],
)
def test_a_known_coding_is_undone(packed: bytes, encoding: str) -> None:
    assert inflate(packed, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x"])
def test_an_unknown_coding_is_an_unsupported_type(encoding: str) -> None:
    with pytest.raises(ApiError) as refused:
        inflate(TEXT, encoding)

    assert refused.value.code == "unsupported_media_type"


def test_the_largest_body_may_be_packed() -> None:
    assert len(inflate(gzip.compress(b" " * MAX_BODY_BYTES), "gzip")) == MAX_BODY_BYTES


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 200 * MAX_BODY_BYTES])
def test_a_bomb_is_too_large(size: int) -> None:
    with pytest.raises(ApiError) as refused:
        inflate(zlib.compress(b" " * size), "deflate")

    assert refused.value.code == "request_too_large"


def test_no_more_of_a_bomb_is_inflated_than_the_limit() -> None:
    bomb = zlib.compress(b" " * 64 * MAX_BODY_BYTES)
    tracemalloc.start()
    try:
        with pytest.raises(ApiError):
            inflate(bomb, "deflate")
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak_bytes < 8 * MAX_BODY_BYTES


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (TEXT, "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-4], "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"more", "gzip"),
        (b"", "gzip"),
        (b"", "deflate"),
        (b"\xff\xff\xff", "deflate"),
    ],
)
def test_a_broken_packing_is_invalid(packed: bytes, encoding: str) -> None:
    with pytest.raises(ApiError) as refused:
        inflate(packed, encoding)

    assert refused.value.code == "invalid_json"
