"""Trainings: topic classifiers and brief writers; reached from the command line only."""
