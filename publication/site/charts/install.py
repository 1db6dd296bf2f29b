"""The set-up step ``python -m publication.site.charts.install``: installs what draws the charts, once."""

import sys

from expectations.data_docs.assets import AssetsInstallError, install_assets
from publication.site.charts.drawing import HERE


def main() -> int:
    """Install what is not installed yet; give the exit status, having said what went wrong."""
    try:
        done = install_assets(HERE)
    except AssetsInstallError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write("绘图组件：已安装 / the charts' packages: installed\n" if done else "")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
