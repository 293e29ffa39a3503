"""Write the files below ``infrastructure/``."""

from infrastructure.dashboards.configuration import written
from infrastructure.root import ROOT


def main() -> None:
    for name, text in written():
        path = ROOT / "infrastructure" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path)


if __name__ == "__main__":
    main()
