"""A BERT's pass over texts on the CPU: no padding, no mask, and none of transformers' modelling code.

Comes after tokenising; ``classify``, ``salience`` and the learned support run the models that ship by it. ``opened``
reads a model's folder, ``lora`` merges an adapter into what was read, ``network`` runs it, ``classifier`` puts a topic
classifier's head on it, and ``side_by_side`` spreads texts over threads.

Whatever differs from a plain BERT is left to transformers: ``opened`` and ``lora`` return None for it, and for folders
that are damaged, of which transformers tells in its own words. A text goes through alone, on one thread, so that
nothing that is said of it hangs on its neighbours or on how many threads there are, to the last bit.
"""
