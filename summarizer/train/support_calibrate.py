"""Makes log-odds a probability and chooses the threshold, on held-out claims; comes after ``support_fit``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarizer.evaluate.evidence_metrics import best_threshold
from summarizer.evidence.support_text import coverage
from summarizer.train.support_claims import Claim

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims and the log-odds that the network gives them, those of the least supported sentence."""

    claims: Sequence[Claim]
    logits: Sequence[float]

    def features(self) -> np.ndarray:
        """Return what a probability is made of: log-odds and share of common words. *Shape:* (claims, 2)."""
        import numpy as np

        covered = [min(coverage(pair.evidence, pair.sentence) for pair in claim.pairs) for claim in self.claims]
        return np.column_stack([np.array(self.logits, dtype=float), np.array(covered, dtype=float)])

    def truth(self) -> np.ndarray:
        """Return which claims are true. *Shape:* (claims,)."""
        import numpy as np

        return np.array([claim.is_true for claim in self.claims], dtype=bool)

    def flagged(self) -> np.ndarray:
        """Return which claims the rules flag. *Shape:* (claims,)."""
        import numpy as np

        return np.array([claim.is_flagged for claim in self.claims], dtype=bool)


def calibrate(
    dev: Mapping[str, Judged], faithful: Judged, max_false_alarms: float
) -> tuple[dict[str, float], dict[str, Any]]:
    """Fit a logistic regression on the held-out claims and choose the threshold.

    The threshold is that of best balanced accuracy beside the rules, or lower where that would flag more than
    ``max_false_alarms`` of the faithful sentences.

    :param faithful: sentences that are all true; none leaves the threshold where balanced accuracy is best.
    :return: ``slope``, ``coverage``, ``shift`` and ``threshold``; and, for people, what each file says of them.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    features = np.concatenate([judged.features() for judged in dev.values()])
    truth = np.concatenate([judged.truth() for judged in dev.values()])
    flagged = np.concatenate([judged.flagged() for judged in dev.values()])
    line = LogisticRegression(C=100.0).fit(features, truth)
    balanced = best_threshold(line.predict_proba(features)[:, 1], ~truth, flagged)
    threshold = balanced
    false_alarms = None
    if len(faithful.claims):
        chances = line.predict_proba(faithful.features())[:, 1]
        threshold = min(balanced, float(np.quantile(chances, max_false_alarms)))
        false_alarms = round(float((chances < threshold).mean()), 4)
    areas = {
        name: {
            "claims": len(judged.claims),
            "area": round(float(roc_auc_score(judged.truth(), line.predict_proba(judged.features())[:, 1])), 4),
            "area_of_log_odds": round(float(roc_auc_score(judged.truth(), judged.logits)), 4),
        }
        for name, judged in dev.items()
    }
    numbers = {"slope": line.coef_[0, 0], "coverage": line.coef_[0, 1], "shift": line.intercept_[0]}
    rounded = {name: round(float(number), 4) for name, number in {**numbers, "threshold": threshold}.items()}
    measured = {"threshold_balanced": round(balanced, 4), "false_alarms": false_alarms, "dev": areas}
    return rounded, {**rounded, **measured}
