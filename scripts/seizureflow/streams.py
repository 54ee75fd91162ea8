"""Independent random streams, addressed by name."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """A tree of random streams; each branch draws independently of all others.

    A branch is found by its name, not by its turn: adding a component, or drawing more numbers in
    one, leaves the numbers of every other component as they were.
    """

    seed: np.random.SeedSequence

    @classmethod
    def of(cls, rng: np.random.Generator) -> Streams:
        """Return the streams rooted at the seed that `rng` was made from; draws nothing."""
        seed = rng.bit_generator.seed_seq
        if not isinstance(seed, np.random.SeedSequence):
            raise TypeError(
                "the generator must be made from a SeedSequence (numpy.random.default_rng)"
            )
        return cls(seed)

    def branch(self, name: str | int) -> Streams:
        """Return the sub-tree called `name`."""
        # A SeedSequence key is made of 32-bit words: a number is its own word, a name its CRC-32.
        word = name if isinstance(name, int) else zlib.crc32(name.encode())
        key = (*self.seed.spawn_key, word)
        return Streams(np.random.SeedSequence(self.seed.entropy, spawn_key=key))

    def generator(self, *path: str | int) -> np.random.Generator:
        """Return a fresh generator for the branch at `path`; always from its beginning."""
        streams = self
        for name in path:
            streams = streams.branch(name)
        return np.random.default_rng(streams.seed)
