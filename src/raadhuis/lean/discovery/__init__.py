"""From a log to a model of the process: the inductive miner, and the model as a tree, a Petri net and BPMN."""
