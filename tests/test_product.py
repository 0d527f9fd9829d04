"""A product whose weights are laid out gives what torch's own gives, to the bit."""

from __future__ import annotations

import pytest
import torch

from summarizer.product import Product

SIZES = [(640, 1024), (640, 256), (1024, 640), (640, 4096), (2048, 640), (32, 48)]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32], ids=str)
@pytest.mark.parametrize("has_bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize(("inputs", "outputs"), SIZES)
def test_product_is_that_of_torch(inputs, outputs, has_bias, dtype):
    torch.manual_seed(inputs + outputs)
    weight = torch.randn(outputs, inputs).to(dtype)
    bias = torch.randn(outputs).to(dtype) if has_bias else None
    product = Product(weight, bias, rows=32, most=32)
    for rows in (1, 32, 33):
        given = torch.randn(rows, inputs).to(dtype)
        with torch.inference_mode():
            assert torch.equal(product(given), torch.nn.functional.linear(given, weight, bias))


def test_product_does_without_where_torch_has_no_such_operator(monkeypatch):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    weight = torch.randn(48, 32).bfloat16()
    given = torch.randn(5, 32).bfloat16()
    assert torch.equal(Product(weight, rows=32)(given), torch.nn.functional.linear(given, weight))
