"""A linear layer's product, its weights also laid out as the CPU's matrix unit reads them; for ``gemma`` and its head.

Torch lays bfloat16 weights out anew at every call, which for the few rows of a step takes a fifth of the time. The
result is the same to the bit (tests/summarize/test_product.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


class Product:
    """Multiplies rows by weights."""

    def __init__(self, weight: Tensor, rows: int) -> None:
        """Lay the weights out.

        :param weight: *Shape:* (outputs, inputs).
        :param rows: so many at most are multiplied by what is laid out; more gain nothing by it.
        """
        self._weight = weight
        self._rows = rows
        self._laid_out = _laid_out(weight, rows)

    def __call__(self, rows: Tensor) -> Tensor:
        """*Shape:* (rows, inputs) to (rows, outputs)."""
        import torch

        if self._laid_out is None or len(rows) > self._rows:
            return torch.nn.functional.linear(rows, self._weight)
        made: Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._laid_out, None, "none", [], "")
        return made


def _laid_out(weight: Tensor, rows: int) -> Any:
    """Return the weights for oneDNN, or None where this build of torch, the machine or the type has no use for it."""
    import torch

    if weight.dtype != torch.bfloat16 or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return None
    try:  # torch's compiler uses these operators; they have no public name
        if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
            return None
        return torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), rows)
    except (AttributeError, RuntimeError):
        return None
