"""Which sentences of an article matter: a small model, and the choice of an extractive brief by what it says.

Not a stage but a library beside ``sentences``, for the summarize and the evidence stage.
"""
