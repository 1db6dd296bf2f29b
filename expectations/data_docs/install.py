"""The set-up step ``python -m expectations.data_docs.install``: installs the assets of Data Docs once."""

import sys

from expectations.data_docs.assets import AssetsInstallError, install_assets


def main() -> int:
    """Install what is not installed yet; give the exit status, having said what went wrong."""
    try:
        done = install_assets()
    except AssetsInstallError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write("数据文档资源：已安装 / Data Docs assets: installed\n" if done else "")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
