"""What does every engine owe?

`EngineContract` gathers the parts of the contract. A test file makes a subclass of it for its
engine, sets `make_engine`, and pytest collects the rest. See `contract_support.py` for what a
subclass can say about its engine.
"""

from __future__ import annotations

from contract_expansions import ExpansionContract
from contract_faceting import FacetContract, SelectionContract
from contract_matching import LeafContract, SpanContract, TreeContract
from contract_paging import GroupContract, MarkContract, PagingContract
from contract_parts import PartsContract
from contract_properties import PropertyContract
from contract_ranges import FacetRequestContract
from contract_ranking import OrderContract, RangeContract, ScoreContract
from contract_windows import WindowContract
from contract_wording import WordingContract
from contract_writing import LifecycleContract, TextContract

__all__ = ["EngineContract"]


class EngineContract(
    LifecycleContract,
    TextContract,
    LeafContract,
    TreeContract,
    SpanContract,
    WindowContract,
    WordingContract,
    ScoreContract,
    OrderContract,
    RangeContract,
    FacetContract,
    SelectionContract,
    FacetRequestContract,
    PagingContract,
    GroupContract,
    MarkContract,
    PartsContract,
    ExpansionContract,
    PropertyContract,
):
    """All of it. Subclasses are named Test… and are collected; this class is not."""

    def test_every_declared_gap_names_a_test(self) -> None:
        assert all(hasattr(self, name.partition("[")[0]) for name in self.not_supported)
