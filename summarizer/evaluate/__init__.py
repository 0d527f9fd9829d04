"""Measures a model on labelled articles: numbers with intervals, baselines beside them, tables and plots."""
