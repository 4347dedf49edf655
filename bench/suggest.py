"""How often suggestions are right: topics by cross-validation, districts and urgency on letters written for it.

    python -m bench.suggest DATA [DAY]

DATA is a folder with letters/labelled.csv (title, body, label of 7), letters/unanswered.csv (to say how rare a word is),
letters/dongguan.csv (another city's: no district of ours), and taxonomy.csv (what the 7 are made of): real letters, not
part of this repository. The letters of `bench/gold/letters.csv` were written for this. Prints figures, never a letter.
With scikit-learn at hand (in an environment of its own, by PYTHONPATH) a linear SVM is trained on the same folds.
"""

from __future__ import annotations

import csv
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from db import places
from db.grams import counted
from db.letter_words import Text
from db.suggest import clear, unlearned
from db.suggest_cues import parts
from db.suggest_features import topic_features, weights
from db.suggest_model import NOTHING, Learned, key, scored
from db.suggest_urgency import urgency

GOLD = Path(__file__).parent / "gold" / "letters.csv"
FOLDS, ROUNDS = 10, 3

Judge = Callable[[Sequence[int], int], str]
"""(letters to learn from, letter) → label."""


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    data = Path(sys.argv[1])
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) == 3 else date(2024, 10, 15)
    rarities = _rarities(_read(data / "letters" / "unanswered.csv"))
    _labelled(data, rarities)
    _own(rarities, day)
    _elsewhere(data, day)
    return 0


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def _rarities(letters: list[dict[str, str]]) -> defaultdict[str, float]:
    """As `db/rarity.py` says it of a store that holds these letters."""
    held = Counter(gram for row in letters for gram in counted(f"{row['title']}\n{row['body']}"))
    n = len(letters) + 300
    found: defaultdict[str, float] = defaultdict(lambda: math.log(n / 0.5))
    found.update({gram: math.log(n / (times + 0.5)) for gram, times in held.items()})
    return found


def _labelled(data: Path, rarities: defaultdict[str, float]) -> None:
    rows = _read(data / "letters" / "labelled.csv")
    labels = sorted({row["label"] for row in rows})
    names = _names(data / "taxonomy.csv", labels)
    features = [topic_features(row["title"], row["body"]) for row in rows]
    weighed = [weights(f, {g: rarities[g] for g in f}) for f in features]
    keys = [[key(gram) for gram in f] for f in features]
    cues = {label: parts(words) for label, words in names.items()}
    nothing: dict[str, dict[str, float]] = {label: {} for label in labels}
    wholes = [f"{row['title']}\n{row['body']}" for row in rows]

    def plain(_learn: Sequence[int], i: int) -> str:
        return max(labels, key=lambda label: sum(wholes[i].count(word) for word in names[label]))

    def bayes(known: dict[str, dict[str, float]]) -> Judge:
        held: dict[tuple[int, ...], dict[str, Learned]] = {}

        def judge(learn: Sequence[int], i: int) -> str:
            fold = tuple(learn)
            if fold not in held:
                held.clear()
                held[fold] = _learned(((rows[j]["label"], keys[j]) for j in learn), labels)
            return scored(weighed[i], held[fold], known)[0].label

        return judge

    print(f"{len(rows)} letters, {len(labels)} fields, {FOLDS} folds, {ROUNDS} rounds (and halves)")
    for name, judge in (
        ("plain table of the fields' words", plain),
        ("the fields' words as bigrams, nothing learned", lambda _l, i: bayes(cues)([], i)),
        ("learned only", bayes(nothing)),
        ("both: what the desk uses", bayes(cues)),
    ):
        print(f"  {name}: {_cross(judge, rows, FOLDS):.3f} ({_cross(judge, rows, 2):.3f})")
    svm = _svm(wholes, [row["label"] for row in rows])
    if svm:
        print(
            f"  linear SVM over characters 1 to 3, tf-idf: {_cross(svm, rows, FOLDS):.3f} ({_cross(svm, rows, 2):.3f})"
        )
    else:
        print("  linear SVM: scikit-learn is not here")


def _names(path: Path, labels: Iterable[str]) -> dict[str, list[str]]:
    """What the fields consist of, by the names of their parts."""
    found: dict[str, list[str]] = {label: [] for label in labels}
    for row in _read(path):
        if row["level1"] in found:
            words = re.split("[和与及、（）]", f"{row['level2']}、{row['level3']}")
            found[row["level1"]] += [w for w in words if len(w) > 1 and w != "其他"]
    return {label: list(dict.fromkeys(words)) for label, words in found.items()}


def _learned(letters: Iterable[tuple[str, list[int]]], labels: Iterable[str]) -> dict[str, Learned]:
    by: dict[str, tuple[int, Counter[int]]] = {label: (0, Counter()) for label in labels}
    for label, grams in letters:
        by[label][1].update(grams)
        by[label] = (by[label][0] + 1, by[label][1])
    return {label: NOTHING.changed(n, counts) for label, (n, counts) in by.items()}


def _cross(judge: Judge, rows: list[dict[str, str]], folds: int) -> float:
    """The part that is right, each letter judged by what was learned from the other folds."""
    right = asked = 0
    for seed in range(ROUNDS):
        chance = random.Random(seed)
        fold: dict[int, int] = {}
        for label in sorted({row["label"] for row in rows}):
            own = [i for i, row in enumerate(rows) if row["label"] == label]
            chance.shuffle(own)
            fold |= {i: place % folds for place, i in enumerate(own)}
        for f in range(folds):
            learn = [i for i in fold if fold[i] != f]
            for i in (i for i in fold if fold[i] == f):
                asked += 1
                right += judge(learn, i) == rows[i]["label"]
    return right / asked


def _svm(wholes: list[str], labels: list[str]) -> Judge | None:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
    except ImportError:
        return None
    x = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(wholes)
    held: dict[tuple[int, ...], list[str]] = {}

    def judge(learn: Sequence[int], i: int) -> str:
        fold = tuple(learn)
        if fold not in held:
            held.clear()
            held[fold] = list(LinearSVC().fit(x[list(fold)], [labels[j] for j in fold]).predict(x))
        return held[fold][i]

    return judge


def _own(rarities: defaultdict[str, float], day: date) -> None:
    """Letters written for this, nothing learned: as on the first day of a desk."""
    rows = _read(GOLD)
    divisions = places.load()
    count: Counter[str] = Counter()
    for row in rows:
        text = Text(row["title"], "\n".join(filter(None, (row["place"], row["body"]))))
        for field in ("topic", "kind"):
            known = defaultdict(lambda: 0.0, {g: rarities[g] for g in counted(text.whole)})
            ranked = unlearned(text, field, known, {})
            said = ranked[0].label if clear(field, ranked) else ""
            count[f"{field} {_verdict(said, row[field])}"] += 1
        cue = urgency(text.whole)
        count[f"urgency {_verdict(str(cue.level) if cue else '', row['urgency'].replace('normal', ''))}"] += 1
        found = divisions.suggest(text.whole, day)
        said = divisions.name(found.district) if found.district else ""
        count[f"district {_verdict(said, row['district'])}"] += 1
        count["district unknown, with a question"] += not said and bool(found.candidates)
    print(f"{len(rows)} letters of our own, from {len({r['district'] for r in rows if r['district']})} districts")
    for name in sorted(count):
        print(f"  {name}: {count[name]}")


def _verdict(said: str, right: str) -> str:
    if said:
        return "right" if said == right else "wrong"
    return "unknown, rightly" if not right else "unknown"


def _elsewhere(data: Path, day: date) -> None:
    divisions = places.load()
    for name in ("dongguan", "labelled", "unanswered"):
        rows = _read(data / "letters" / f"{name}.csv")
        said = asked = critical = urgent = 0
        for row in rows:
            text = f"{row['title']}\n{row['body']}"
            found = divisions.suggest(text, day)
            said += found.district is not None
            asked += found.district is None and bool(found.candidates)
            cue = urgency(text)
            critical += bool(cue) and cue.level == "critical"
            urgent += bool(cue) and cue.level == "urgent"
        where = f"district suggested {said}, a question {asked}, nothing {len(rows) - said - asked}"
        print(f"{name}: {len(rows)} letters; {where}; 特急 {critical}, 紧急 {urgent}")


if __name__ == "__main__":
    sys.exit(main())
