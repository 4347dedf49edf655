"""Make `db/data/divisions.csv` out of a list of divisions, with full pinyin and pinyin initials.

    tools/divisions.py SOURCE.csv [STREETS.csv]

The source has the columns code, name, short, level (unit, township), kind, parent_code, managed_by, valid_from,
valid_to, successor, aliases. The second file, a national list of townships (columns code, name), tells how many others
outside Chongqing bear the same name; without it the counts that are already in the output stay. Districts come first
in the output, so that a reader who needs only them stops early. Zones without a national code get one of ours.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from pypinyin import lazy_pinyin, load_phrases_dict

OUT = Path(__file__).parents[1] / "db" / "data" / "divisions.csv"
COLUMNS = [
    "code", "name", "short", "level", "kind", "parent_code", "managed_by", "valid_from", "valid_to", "successor",
    "aliases", "elsewhere", "pinyin", "initials",
]  # fmt: skip

ZONES = {"两江新区": "500Z01", "重庆高新区": "500Z02", "万盛经开区": "500Z03"}
"""Zones (功能区) without a code in the national list."""

HOSTS = {"500Z01": "500105|500112|500109", "500Z02": "500106|500107", "500Z03": "500110"}
"""The districts on whose ground a zone lies; goes into `parent_code`."""

MANAGED = {
    "500Z01": ("500112", "人和 鸳鸯 天宫殿 翠云 大竹林 礼嘉 金山 康美"),
    "500Z03": ("500110", "万盛 东林 万东 南桐 青年 关坝 丛林 石林 金桥 黑山"),
}
"""Townships that a zone administers though the national list has them under its host: a letter from there may belong
to either, so none is proposed alone. From general knowledge, as the source's own `managed_by`."""

FURTHER = {"500Z03": "万盛区", "500Z02": "重庆高新技术产业开发区"}
"""Further aliases of zones: 万盛区 became part of 綦江区 in 2011 and is administered by the zone."""

READINGS = {
    "丰都": "feng du", "龙都": "long du", "长岭": "chang ling", "长滩": "chang tan", "长坪": "chang ping",
    "长坝": "chang ba", "长桂": "chang gui", "覃家岗": "qin jia gang", "曾家": "zeng jia", "朝阳": "chao yang",
    "柏林": "bai lin",
}  # fmt: skip
"""Readings that a general dictionary gets wrong."""


def spelled(name: str) -> tuple[str, str]:
    """Full pinyin in one word and its initials: 沙坪坝区 → shapingbaqu, spbq."""
    syllables = lazy_pinyin(name, errors=list)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def rows(source: Path, elsewhere: dict[str, int]) -> list[dict[str, str]]:
    """The source's rows with codes for zones, managed townships and pinyin; districts by code first."""
    made = []
    with source.open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            district = row["level"] == "unit"
            if not row["code"]:
                row["code"] = ZONES[row["name"]]
                row["parent_code"] = HOSTS[row["code"]]
                row["aliases"] = "|".join(filter(None, (row["aliases"], FURTHER.get(row["code"]))))
            row["level"] = "district" if district else "township"
            row["managed_by"] = ZONES.get(row["managed_by"], row["managed_by"]) or managed(row)
            row["elsewhere"] = "" if district else str(elsewhere.get(row["name"], 0) or "")
            row["pinyin"], row["initials"] = spelled(row["name"])
            if any("," in row[column] for column in COLUMNS):
                raise SystemExit(f"A comma in {row['name']}: the reader parts lines at commas")
            made.append(row)
    made.sort(key=lambda row: (row["level"] != "district", row["code"]))
    return made


def managed(row: dict[str, str]) -> str:
    """The zone that administers a township, "" where its district does."""
    for zone, (host, names) in MANAGED.items():
        if row["level"] == "township" and row["parent_code"] == host and row["short"] in names.split():
            return zone
    return ""


def counted(streets: Path | None) -> dict[str, int]:
    """Township name → how many townships outside Chongqing bear it."""
    if streets is None:
        with OUT.open(encoding="utf-8", newline="") as f:
            return {row["name"]: int(row["elsewhere"] or 0) for row in csv.DictReader(f)}
    with streets.open(encoding="utf-8", newline="") as f:
        return Counter(row["name"] for row in csv.DictReader(f) if not row["code"].startswith("50"))


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    load_phrases_dict({name: [[syllable] for syllable in said.split()] for name, said in READINGS.items()})
    made = rows(Path(sys.argv[1]), counted(Path(sys.argv[2]) if len(sys.argv) == 3 else None))
    with OUT.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
