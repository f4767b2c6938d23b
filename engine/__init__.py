"""What may be done: commands on the nouns, and the BPMN machine."""
