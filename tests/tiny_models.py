"""Tiny random-weight models of the kinds that people use, each with a real tokenizer trained on invented wire text.

Every function fills ``folder`` in the Hugging Face layout (safetensors) and returns it. The session fixtures of
``conftest.py`` build one of each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertForSequenceClassification,
    LlamaConfig,
    LlamaForCausalLM,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

WIRE = """The harbour council of Port Arven approved a new ferry terminal on Monday after two years of talks.
Mayor Ilse Tamm said the terminal would open in 2031 and serve four islands. The state will pay 48 million marks.
Two ministers of Norland and Veska met in the capital to discuss defence cooperation and the energy market.
"We will build it together," the minister told reporters. Police said nobody was hurt when the bridge closed.
Farmers in the eastern valley expect a better harvest this year because rain came early in spring.
The central bank kept its rate at 3.5 per cent, and analysts expect no change before autumn.
Article: Brief: summarize: Summary of the article in one paragraph with at most words."""

CHAT_TEMPLATE = (
    "{% for message in messages %}[{{ message['role'] }}] {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)

WIDTH = 32


def tiny_bert(folder: Path, labels: Sequence[str], problem_type: str = "multi_label_classification") -> Path:
    """A BERT classifier with a WordPiece tokenizer; reads at most 64 tokens."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    # Not trained: the trainer breaks ties in another order in each process, and so does the length of a text.
    letters = sorted(set(WIRE.lower()) - {" ", "\n"})
    pieces = [*special, *letters, *(f"##{letter}" for letter in letters), *sorted(set(WIRE.lower().split()))]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    _surround(tokenizer, "[CLS] $A [SEP]", special)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=WIDTH * 2,
        max_position_embeddings=64,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
        problem_type=problem_type,
    )
    return _save(folder, BertForSequenceClassification, config, tokenizer, names, model_max_length=64)


def tiny_bart(folder: Path) -> Path:
    """A BART with a byte-level BPE tokenizer; reads and writes at most 128 tokens."""
    tokenizer = _byte_level(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    _surround(tokenizer, "<s> $A </s>", ["<s>", "</s>"])
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    config = BartConfig(
        **_seq2seq(tokenizer),
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=2,
    )
    return _save(folder, BartForConditionalGeneration, config, tokenizer, names, model_max_length=128)


def tiny_pegasus(folder: Path) -> Path:
    """A PEGASUS with a unigram tokenizer; reads and writes at most 128 tokens."""
    tokenizer = _unigram(["<pad>", "</s>", "<unk>"])
    _surround(tokenizer, "$A </s>", ["</s>"])
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    config = PegasusConfig(
        **_seq2seq(tokenizer), pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1
    )
    return _save(folder, PegasusForConditionalGeneration, config, tokenizer, names, model_max_length=128)


def tiny_t5(folder: Path, prefix: str | None = "summarize: ") -> Path:
    """A T5 with a unigram tokenizer, trained (so its config says) for 128 tokens and with a task prefix."""
    tokenizer = _unigram(["<pad>", "</s>", "<unk>"])
    _surround(tokenizer, "$A </s>", ["</s>"])
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    task = {"summarization": {"prefix": prefix, "num_beams": 2, "min_length": 4, "max_length": 200}}
    config = T5Config(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=WIDTH,
        d_kv=WIDTH // 2,
        d_ff=WIDTH * 2,
        num_layers=2,
        num_heads=2,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
        **({"task_specific_params": task} if prefix is not None else {}),
    )
    return _save(folder, T5ForConditionalGeneration, config, tokenizer, names, model_max_length=128)


def tiny_llama(folder: Path, chat_template: str | None = None) -> Path:
    """A Llama-like causal model with a byte-level BPE tokenizer; reads and writes at most 1024 tokens together."""
    tokenizer = _byte_level(["<pad>", "<s>", "</s>", "<unk>"])
    _surround(tokenizer, "<s> $A", ["<s>"])
    names = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        intermediate_size=WIDTH * 2,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=1024,
        initializer_range=0.1,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        tie_word_embeddings=False,
    )
    return _save(folder, LlamaForCausalLM, config, tokenizer, names, model_max_length=1024, chat_template=chat_template)


def tiny_adapter(folder: Path, base: Path) -> Path:
    """A LoRA adapter over a tiny causal model; its weights are random, so that merging it changes the text."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_pretrained(base, use_safetensors=True)
    lora = LoraConfig(r=2, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False)
    get_peft_model(model, lora).save_pretrained(folder)
    return folder


def tiny_gguf(file: Path, llama: Path) -> Path:
    """The Llama-like model of folder ``llama`` as one GGUF file of 32-bit floats."""
    import gguf
    from safetensors.torch import load_file

    config = AutoConfig.from_pretrained(llama)
    tokenizer = json.loads((llama / "tokenizer.json").read_text())["model"]
    tokens = sorted(tokenizer["vocab"], key=tokenizer["vocab"].__getitem__)
    kinds = [gguf.TokenType.CONTROL if token in ("<pad>", "<s>", "</s>") else gguf.TokenType.NORMAL for token in tokens]
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["merges"]])
    writer.add_bos_token_id(config.bos_token_id)
    writer.add_eos_token_id(config.eos_token_id)
    writer.add_pad_token_id(config.pad_token_id)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, tensor in load_file(llama / "model.safetensors").items():
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def teach(folder: Path, prompts: Sequence[str], text: str, steps: int = 40) -> Path:
    """Train the model in ``folder`` until it answers each prompt with ``text`` and its end."""
    config = AutoConfig.from_pretrained(folder)
    kind: Any = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = kind.from_pretrained(folder, use_safetensors=True).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    target = [*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    for step in range(steps):
        ids = tokenizer(prompts[step % len(prompts)])["input_ids"]
        if config.is_encoder_decoder:
            loss = model(input_ids=torch.tensor([ids]), labels=torch.tensor([target])).loss
        else:
            labels = torch.tensor([[-100] * len(ids) + target])
            loss = model(input_ids=torch.tensor([ids + target]), labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    model.save_pretrained(folder)
    return folder


def _seq2seq(tokenizer: Tokenizer) -> dict[str, Any]:
    """The numbers that BART and PEGASUS configs have in common."""
    return {
        "vocab_size": tokenizer.get_vocab_size(),
        "d_model": WIDTH,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": WIDTH * 2,
        "decoder_ffn_dim": WIDTH * 2,
        "max_position_embeddings": 128,
        "init_std": 0.1,
    }


def _byte_level(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([WIRE], trainer)
    return tokenizer


def _unigram(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(WIRE.splitlines(), trainer)
    return tokenizer


def _surround(tokenizer: Tokenizer, template: str, special: list[str]) -> None:
    ids = [(token, tokenizer.token_to_id(token)) for token in special]
    tokenizer.post_processor = processors.TemplateProcessing(single=template, special_tokens=ids)


def _save(
    folder: Path, model_class: Any, config: Any, tokenizer: Tokenizer, names: dict[str, str], **settings: Any
) -> Path:
    torch.manual_seed(3)
    folder.mkdir(parents=True, exist_ok=True)
    model_class(config).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names, **settings).save_pretrained(folder)
    return folder
