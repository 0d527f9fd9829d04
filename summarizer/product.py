"""A linear layer's product, its weights laid out as the CPU's matrix unit reads them; the networks are made of them.

Torch lays bfloat16 weights out anew at every call, which takes up to two fifths of the time. Done once, the result is
the same to the bit (tests/test_product.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


class Product:
    """Multiplies rows by weights and adds a bias."""

    def __init__(self, weight: Tensor, bias: Tensor | None = None, *, rows: int, most: int | None = None) -> None:
        """Lay the weights out.

        :param weight: *Shape:* (outputs, inputs).
        :param bias: *Shape:* (outputs,).
        :param rows: how many are usual; the layout is chosen for so many.
        :param most: more rows than these are multiplied by the weights as they are; None is never.
        """
        self._weight = weight
        self._bias = bias
        self._most = most
        self._laid_out = _laid_out(weight, rows)

    def __call__(self, rows: Tensor) -> Tensor:
        """*Shape:* (rows, inputs) to (rows, outputs)."""
        import torch

        if self._laid_out is None or (self._most is not None and len(rows) > self._most):
            return torch.nn.functional.linear(rows, self._weight, self._bias)
        made: Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._laid_out, self._bias, "none", [], "")
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
