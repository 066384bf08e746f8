"""Write the hashed requirement files from pyproject.toml, or say that they no longer follow from it.

`lock.py` resolves anew (needs uv and a package index); `lock.py --check` needs neither: each file carries in its
first line a digest of what it was resolved from.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES: dict[str, list[str]] = {
    "runtime.txt": [],
    "dev.txt": ["--extra", "embedded", "--group", "dev", "--constraint", "requirements/runtime.txt"],
}
RESOLVE = [
    *("uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]


def main() -> int:
    """Lock, or with --check report every stale file; the exit code is the number of stale files."""
    first_line = f"# Made by `make lock` from pyproject.toml, {digest()}"
    if "--check" in sys.argv:
        stale = [name for name in FILES if (ROOT / "requirements" / name).read_text().splitlines()[0] != first_line]
        for name in stale:
            print(f"requirements/{name} is older than pyproject.toml: run `make lock`.")
        return len(stale)
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    for name, choice in FILES.items():
        target = ROOT / "requirements" / name
        output = ["--output-file", f"requirements/{name}"]
        subprocess.run([*RESOLVE, *upgrade, *choice, "pyproject.toml", *output], cwd=ROOT, check=True)
        target.write_text(f"{first_line}\n{target.read_text()}")
    return 0


def digest() -> str:
    """A short fingerprint of everything in pyproject.toml that decides which packages are installed."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = data["project"]
    wanted = {
        "python": project["requires-python"],
        "runtime": project["dependencies"],
        "extras": project["optional-dependencies"],
        "groups": data["dependency-groups"],
    }
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
