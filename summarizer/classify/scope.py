"""Tells how unlike its training articles an article looks to a model; where too much, ``decide`` asks for a person.

The measure is the squared Mahalanobis distance of an article's vector (the mean of its token vectors halfway up the
encoder, where form and subject show best) from those of the training articles, after Lee et al. 2018, "A Simple Unified
Framework for Detecting Out-of-Distribution Samples". ``scope.safetensors`` holds ``centres`` (centres, features), the
mean of the training articles and that of each topic added later, of which the nearest counts; ``whitening`` (features,
features), whose product with its transpose is the inverse covariance; and ``limit`` (1,), the distance that
``KEPT_SHARE`` of the held-out articles stay within.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.models import RESTORE

if TYPE_CHECKING:
    import torch

SCOPE_FILE = "scope.safetensors"
KEPT_SHARE = 0.98
RIDGE = 0.02
"""So much of the mean variance is added to each direction: with few articles some have next to none."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the training articles looked like. *Shape:* centres (centres, features), whitening (features, features)."""

    centres: torch.Tensor
    whitening: torch.Tensor
    limit: float

    def strangeness(self, features: torch.Tensor) -> torch.Tensor:
        """Return each article's distance as a share of the limit: above 1 it looks like nothing known.

        *Shape:* (articles, features) to (articles,).
        """
        offsets = (features.float().unsqueeze(1) - self.centres) @ self.whitening  # (articles, centres, features)
        distances: torch.Tensor = offsets.square().sum(-1).min(-1).values / self.limit
        return distances

    def widened(self, centres: torch.Tensor) -> Scope:
        """Return a scope that also takes what lies around further centres, *Shape:* (centres, features)."""
        import torch

        return Scope(torch.cat([self.centres, centres.float()]), self.whitening, self.limit)

    def save(self, folder: Path) -> None:
        """Write ``scope.safetensors``."""
        import torch
        from safetensors.torch import save_file

        weights = {"centres": self.centres, "whitening": self.whitening, "limit": torch.tensor([self.limit])}
        save_file(weights, folder / SCOPE_FILE)


def fit_scope(train: torch.Tensor, held_out: torch.Tensor) -> Scope:
    """Describe the training articles, and set the limit by the held-out ones.

    *Shape:* both (articles, features).
    """
    import torch

    mean = train.double().mean(0)
    centred = train.double() - mean
    covariance = centred.T @ centred / len(train)
    ridge = (RIDGE * covariance.diagonal().mean()).clamp(min=1e-9)
    inverse = torch.linalg.inv(covariance + ridge * torch.eye(len(mean)))
    scope = Scope(mean.float().unsqueeze(0), torch.linalg.cholesky(inverse).float().contiguous(), 1.0)
    limit = scope.strangeness(held_out).quantile(KEPT_SHARE).item()
    return Scope(scope.centres, scope.whitening, max(limit, 1e-6))


def read_scope(folder: Path, features: int) -> Scope | None:
    """Read the folder's ``scope.safetensors``; None where there is none.

    :param features: size of the vectors that the model gives.
    :raises ModelError: it is damaged, or was made for another model.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = folder / SCOPE_FILE
    if not path.is_file():
        return None
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelError(str(path), f"cannot be read ({error})", RESTORE) from error
    centres = len(weights["centres"]) if "centres" in weights and weights["centres"].ndim else 1
    shapes = {"centres": (centres, features), "whitening": (features, features), "limit": (1,)}
    for name, shape in shapes.items():
        seen = tuple(weights[name].shape) if name in weights else "nothing"
        if seen != shape:
            raise ModelError(str(path), f"'{name}' is {seen}, the model asks for {shape}", RESTORE)
    return Scope(weights["centres"].float(), weights["whitening"].float(), weights["limit"].item())
