"""The list of faults does not rot: each still fits the code, and is a fault of its own."""

import ast

import pytest

from tests.theorem.fault import ROOT
from tests.theorem.faults import FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_fits_the_code_as_it_is(fault):
    sound = (ROOT / fault.file).read_text(encoding="utf-8")

    broken = fault.applied(sound)

    assert ast.dump(ast.parse(broken)) != ast.dump(ast.parse(sound))


def test_no_fault_is_listed_twice_and_there_are_enough_of_them():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len({(fault.file, fault.before, fault.after) for fault in FAULTS}) == len(FAULTS)
    assert len(FAULTS) >= 45


def test_each_fault_names_tests_that_are_there():
    for path in {test.partition("::")[0] for fault in FAULTS for test in fault.tests}:
        assert (ROOT / path).is_file(), path
