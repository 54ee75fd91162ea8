"""Times to an event and recurrent seizures: estimates, tests and models, as functions of arrays."""
