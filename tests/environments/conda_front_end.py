"""As much of the command ``conda`` as ``snakemake --sdm conda`` calls, on a channel of this machine.

A test double: the solver and the installer are real ones (py-rattler), the channels are those of
``local_channel.py`` instead of the ones that an environment names, and what an environment lets pip
install comes from the channel ``pypi``, with all that it requires.
"""

import asyncio
import json
import os
import stat
import sys
from pathlib import Path

import yaml
from rattler import install, solve

VERSION = "25.1.0"  # Snakemake wants 24.7.1 or later
CHANNELS = "LOCAL_CONDA_CHANNELS"
PLATFORMS = ["linux-64", "noarch"]


def main(arguments: list[str], prefix: Path) -> None:
    """Answer one call.

    Args:
        arguments: Those after ``conda``.
        prefix: The folder whose ``bin`` holds the command.
    """
    match arguments:
        case ["--version"]:
            print("conda", VERSION)
        case ["info", *_]:
            print(json.dumps({"conda_prefix": str(prefix), "platform": "linux-64"}))
        case ["config", "--get", "channel_priority", "--json"]:
            print(json.dumps({"get": {"channel_priority": "strict"}}))
        case ["env", "create", *options]:
            environment = Path(options[options.index("--file") + 1])
            asyncio.run(create(environment, options[options.index("--prefix") + 1]))
        case ["clean", *_]:
            pass
        case _:
            sys.exit(f"not answered by this stand-in for conda: {arguments}")


async def create(environment: Path, prefix: str) -> None:
    """Create an environment from its file."""
    folder = os.environ[CHANNELS]
    listed = yaml.safe_load(environment.read_text(encoding="utf-8"))["dependencies"]
    named = [entry for entry in listed if isinstance(entry, str)]
    by_pip = [text for entry in listed if isinstance(entry, dict) for text in entry["pip"]]
    channel = [f"{folder}/conda"]
    records = await solve(channel, named, platforms=PLATFORMS)  # none of these may need pip
    if by_pip:
        channels = [*channel, f"{folder}/pypi"]
        records = await solve(channels, [*named, *by_pip], platforms=PLATFORMS)
    await install(records, prefix, show_progress=False)


def make_command(folder: Path) -> None:
    """Make ``bin/conda`` and ``bin/activate`` in a folder."""
    commands = {
        "conda": f"""#!/bin/sh
FRONT_END={folder} PYTHONPATH={os.pathsep.join(sys.path)} exec {sys.executable} {Path(__file__).resolve()} "$@"
""",
        "activate": 'export CONDA_PREFIX="$1" PATH="$1/bin:$PATH"\n',
    }
    (folder / "bin").mkdir(parents=True)
    for name, text in commands.items():
        command = folder / "bin" / name
        command.write_text(text, encoding="utf-8")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)


if __name__ == "__main__":
    main(sys.argv[1:], Path(os.environ["FRONT_END"]))
    sys.stdout.flush()
    os._exit(0)  # the library's threads may abort an orderly exit after all work is done
