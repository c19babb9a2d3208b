"""`python -m benchmarks.transport_floor`: the transport alone, on a LiveKit server of its own."""

import argparse
import asyncio
from pathlib import Path

from benchmarks.floor import measure_floor
from benchmarks.livekit_server import own_livekit
from benchmarks.result import BenchmarkResult, Tally, read_environment


async def run(markers: int) -> BenchmarkResult:
    environment = read_environment()
    tally = Tally()
    async with own_livekit() as livekit:
        await measure_floor(livekit, markers, tally)
    return tally.result("transport_floor", {"markers": markers}, environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--markers", type=int, default=40)
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    result = asyncio.run(run(args.markers))
    print(result.table())
    if args.json:
        result.write(args.json)


if __name__ == "__main__":
    main()
