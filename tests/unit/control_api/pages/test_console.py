"""The console's content security policy."""

import pytest

from control_api.pages.console import content_security_policy


@pytest.mark.parametrize(
    ("livekit_url", "targets"),
    [
        ("ws://127.0.0.1:7880", "ws://127.0.0.1:7880 http://127.0.0.1:7880"),
        ("wss://lk.example.com", "wss://lk.example.com https://lk.example.com"),
        (
            "wss://shop.livekit.cloud",
            "wss://shop.livekit.cloud https://shop.livekit.cloud "
            "wss://*.livekit.cloud https://*.livekit.cloud",
        ),
    ],
)
def test_the_page_may_connect_to_us_and_livekit_only(livekit_url: str, targets: str) -> None:
    policy = content_security_policy(livekit_url)

    assert policy.startswith(f"default-src 'self'; connect-src 'self' {targets};")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("recordings_url", "origin"),
    [
        ("https://s3.ap-south-1.amazonaws.com", "https://s3.ap-south-1.amazonaws.com"),
        ("http://minio.example:9000/behind/a/path", "http://minio.example:9000"),
    ],
)
def test_the_page_may_fetch_recordings_from_where_they_are_kept(
    recordings_url: str, origin: str
) -> None:
    policy = content_security_policy("ws://127.0.0.1:7880", recordings_url)

    assert f"connect-src 'self' ws://127.0.0.1:7880 http://127.0.0.1:7880 {origin};" in policy


def test_sound_may_come_from_memory_and_code_may_not() -> None:
    rules = content_security_policy("ws://127.0.0.1:7880").split("; ")

    assert [rule for rule in rules if "blob:" in rule] == ["media-src 'self' blob:"]
    assert [rule for rule in rules if "data:" in rule] == ["img-src 'self' data:"]
    assert not any(rule.startswith(("script-src", "style-src")) for rule in rules)
