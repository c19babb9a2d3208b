"""What the first request to a model would load is loaded before processes are forked."""

import subprocess
import sys

PROGRAM = """
import sys, threading
from pipeline.providers import openai_warm_up
openai_warm_up.run()
loaded = set(sys.modules)
assert "openai.resources.chat.completions" in loaded
openai_warm_up.run()
print(sorted(set(sys.modules) - loaded), threading.active_count())
"""


def test_a_second_request_loads_nothing_and_no_thread_is_left() -> None:
    done = subprocess.run(
        (sys.executable, "-W", "ignore", "-c", PROGRAM), capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "[] 1", done.stderr
