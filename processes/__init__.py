"""Process definitions as data: BPMN, decision tables and forms, read at deployment only."""
