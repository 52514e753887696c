"""The compiled engine: the machine's step in Numba, held to the torch module by the tests."""
