"""The sentence-salience model: articles in, a score for each sentence out; ``choose`` makes briefs of what it says.

A library beside ``sentences``: the summarize stage chooses by it what stands in an extractive brief and what of a long
article a model reads, the evidence stage what stands in for a sentence that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarizer.batching import Batcher
from summarizer.bert.side_by_side import SideBySide
from summarizer.errors import ModelError
from summarizer.models import RESTORE, find_model
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions
from summarizer.salience.choose import Salience
from summarizer.salience.windows import Layout, lay_out
from summarizer.text_encoder import TextEncoder, load_adapted

if TYPE_CHECKING:
    from summarizer.salience.network import SalienceHead


TASK = "salience"


class SalienceModel:
    """Scores the sentences of articles, each article by itself."""

    models: dict[str, str]
    """The model's name and its hash, for ``made_by``."""

    def __init__(self, name: str, runtime: RuntimeOptions) -> None:
        """Load the model.

        :param name: one that ships, such as ``salience-minilm``, or a folder.
        :raises ModelError: it is missing, damaged or of the wrong kind, or its base is.
        """
        import torch

        from summarizer.salience.network import SalienceHead

        folder = find_model(name, runtime)
        if folder.manifest.get("task") != TASK:
            what = f"is no {TASK} model (its task is '{folder.manifest.get('task')}')"
            raise ModelError(str(folder.path), what, "Name one that 'summarizer train salience' made.")
        adapted = load_adapted(folder, runtime)
        self._encoder, self.tokenizer = adapted.encoder, adapted.tokenizer
        head = SalienceHead(adapted.encoder.config.hidden_size)
        try:
            head.load_state_dict(adapted.head)
        except RuntimeError as error:
            first = str(error).strip().splitlines()
            raise ModelError(str(folder.path), f"its head cannot be loaded ({first[0]})", RESTORE) from error
        self._head = head.to(adapted.device).eval()
        self._one_by_one = SideBySide(torch.get_num_threads()) if adapted.device.type == "cpu" else None
        self.max_tokens = int(folder.manifest["max_tokens"])
        self._batcher: Batcher[Salience] = Batcher(runtime.batch_tokens, pads=self._one_by_one is None)
        self.models = {name: folder.identity}

    def score(self, articles: Sequence[Article]) -> list[list[float]]:
        """Return the probability, 0 to 1, that a brief takes each sentence of ``sentence_spans(article)``.

        :raises ModelError: the model fails on an article alone; ``read`` keeps such an error to its article.
        """
        scores = []
        for article, salience in zip(articles, self.read(articles), strict=True):
            if isinstance(salience, BaseException):
                what = f"the model failed on it ({type(salience).__name__}: {salience})"
                raise ModelError(article.source or article.id, what, "Lower runtime.batch_tokens.") from salience
            scores.append(salience.sentences)
        return scores

    def read(self, articles: Sequence[Article]) -> list[Salience | BaseException]:
        """Return what the model says of each article's sentences and words, or the error that it alone still raises.

        Articles share batches, but what is said of one does not depend on the others.
        """
        layouts = [lay_out(article, self.tokenizer, self.max_tokens) for article in articles]
        lengths = [layout.tokens for layout in layouts]
        return self._batcher.run(lengths, lambda rows: self._forward([layouts[row] for row in rows]))

    def _forward(self, layouts: Sequence[Layout]) -> list[Salience]:
        if self._one_by_one is None:
            return predict(self._encoder, self._head, layouts)
        read = self._one_by_one.run(lambda layout: predict(self._encoder, self._head, [layout]), layouts)
        return [salience for (salience,) in read]


def predict(encoder: TextEncoder, head: SalienceHead, layouts: Sequence[Layout]) -> list[Salience]:
    """Run one batch; an article without sentences has empty lists."""
    import torch

    from summarizer.salience.network import locate

    filled = [layout for layout in layouts if layout.windows]
    rows: Any = iter(())
    if filled:
        with torch.inference_mode():
            vectors = torch.cat(encoder.encode([window.ids for layout in filled for window in layout.windows]))
            sentences, words = head(vectors, locate(filled).to(vectors.device))
        rows = iter(_split(filled, sentences.float().sigmoid().tolist(), words.float().sigmoid().t().tolist()))
    return [next(rows) if layout.windows else Salience([], [], [], [], []) for layout in layouts]


def _split(layouts: Sequence[Layout], sentences: list[float], words: list[list[float]]) -> list[Salience]:
    """Give each article its part; ``words`` are the probabilities of words and of pairs."""
    out = []
    sentence = word = 0
    for layout in layouts:
        own = sentences[sentence : sentence + len(layout.spans)]
        sentence += len(layout.spans)
        parts: list[list[list[float]]] = [[], []]
        for said in layout.words:
            for part, values in zip(parts, words, strict=True):
                part.append(values[word : word + len(said)])
            word += len(said)
        out.append(Salience(layout.spans, own, layout.words, parts[0], parts[1]))
    return out
